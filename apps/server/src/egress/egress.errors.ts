import { StagewrightError } from '@stagewright/engine';

const ALLOW_HINT =
  'The operator names the hosts that actions may reach in EGRESS_ALLOW (docs/reference/egress.md).';

/**
 * Everything that can go wrong on the way out, one factory per situation. A message names the origin at most: paths and
 * queries carry tokens.
 */
export const egressErrors = {
  urlRefused: (reason: string) =>
    new StagewrightError('EGRESS_BLOCKED', `The URL was not called: ${reason}.`, {
      hint: 'Give one http:// or https:// URL with a host name, and no user name or password in it.',
    }),
  notAllowed: (origin: string) =>
    new StagewrightError('EGRESS_BLOCKED', `${origin} was not called: its host and port are not allowed.`, {
      hint: ALLOW_HINT,
    }),
  addressRefused: (origin: string) =>
    new StagewrightError(
      'EGRESS_BLOCKED',
      `${origin} was not called: its name leads to an address that is not public.`,
      {
        hint: 'Only public addresses are reached by name. An operator may name a private one as address:port in EGRESS_ALLOW.',
      },
    ),
  redirected: (origin: string, status: number, target: string) =>
    new StagewrightError(
      'EGRESS_BLOCKED',
      `${origin} answered ${status}, a redirect to ${target}. Redirects are not followed.`,
      { hint: 'Call the address that it redirects to, if its host is allowed.' },
    ),
  headerInvalid: (name: string, reason: string) =>
    new StagewrightError('HEADER_INVALID', `The header ${JSON.stringify(name.slice(0, 80))} ${reason}.`, {
      hint: 'Leave connection, host and length headers to the server; values are one line of printable text.',
    }),
  requestInvalid: (reason: string) =>
    new StagewrightError('EGRESS_REQUEST_INVALID', `The request was not sent: ${reason}.`),
  allowInvalid: (entry: string, reason: string) =>
    new StagewrightError('CONFIG_INVALID', `EGRESS_ALLOW: "${entry}" ${reason}.`, {
      hint: 'Write api.example.org, *.example.org, api.example.org:8443 or, for a private address, 127.0.0.1:8080.',
    }),
  nameUnknown: (origin: string) =>
    new StagewrightError('UPSTREAM_UNREACHABLE', `The name of ${origin} could not be resolved.`, {
      retryable: true,
      hint: 'Check the host name, and the name service of the server.',
    }),
  unreachable: (origin: string, reason: string) =>
    new StagewrightError('UPSTREAM_UNREACHABLE', `${origin} could not be reached: ${reason}.`, {
      retryable: true,
    }),
  untrusted: (origin: string, reason: string) =>
    new StagewrightError('UPSTREAM_UNTRUSTED', `The certificate of ${origin} was refused: ${reason}.`, {
      hint: 'The service must show a valid certificate for its name from an authority that Node.js knows.',
    }),
  answerInvalid: (origin: string, reason: string) =>
    new StagewrightError('UPSTREAM_INVALID', `${origin} gave an answer that cannot be read: ${reason}.`),
  tooLarge: (origin: string, what: string) =>
    new StagewrightError('UPSTREAM_LIMIT', `The answer of ${origin} was cut off: ${what}.`, {
      hint: 'Ask the service for less at once.',
    }),
  tooSlow: (origin: string, what: string) =>
    new StagewrightError('UPSTREAM_LIMIT', `The answer of ${origin} was cut off: ${what}.`, {
      retryable: true,
    }),
  timeout: (origin: string, ms: number) =>
    new StagewrightError('UPSTREAM_TIMEOUT', `${origin} did not answer within ${ms} ms.`, {
      retryable: true,
    }),
  aborted: (origin: string) =>
    new StagewrightError('EGRESS_ABORTED', `The call of ${origin} was called off.`, { retryable: true }),
};
