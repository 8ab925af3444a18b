import { StagewrightError } from '@stagewright/engine/plugin';

/** An answer that is not a success. */
export interface RefusedAnswer {
  origin: string;
  status: number;
  /** Beginning of its text. */
  said: string;
}

/** Every error of the plugin, one factory per situation. Messages name the origin only: paths carry tokens. */
export const httpErrors = {
  noNetwork: () =>
    new StagewrightError('HTTP_NO_NETWORK', 'This run has no way out to the network.', {
      hint: 'Run the template on a server; template tests give the answers of HTTP actions themselves.',
    }),
  keyIsSet: () =>
    new StagewrightError('HEADER_INVALID', 'The header "idempotency-key" is set by the action itself.', {
      hint: 'Leave it out: the key stays the same over every try of this call.',
    }),
  headerTwice: (name: string) =>
    new StagewrightError('HEADER_INVALID', `The header ${JSON.stringify(name)} is given twice.`, {
      hint: 'Names of headers do not differ by upper and lower case.',
    }),
  gone: (answer: RefusedAnswer) =>
    new StagewrightError('HTTP_GONE', `${told(answer)}: what the URL named is gone for good.`, {
      hint: 'Take the URL out of the template, or give the present one.',
      details: detailsOf(answer),
    }),
  rateLimited: (answer: RefusedAnswer, retryAfterMs: number | undefined) =>
    new StagewrightError('HTTP_RATE_LIMITED', `${told(answer)}: it was asked too often.`, {
      retryable: true,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      details: detailsOf(answer),
    }),
  unavailable: (answer: RefusedAnswer, retryAfterMs: number | undefined) =>
    new StagewrightError('HTTP_UNAVAILABLE', `${told(answer)}: it cannot serve the request now.`, {
      retryable: true,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      details: detailsOf(answer),
    }),
  refused: (answer: RefusedAnswer) =>
    new StagewrightError('HTTP_REFUSED', `${told(answer)}: it does not accept the request.`, {
      hint: 'Read what it said in the details; the same request would be refused again.',
      details: detailsOf(answer),
    }),
  unexpected: (answer: RefusedAnswer) =>
    new StagewrightError('HTTP_UNEXPECTED', `${told(answer)}, which does not count as success here.`, {
      hint: 'Name the statuses that do in `expectStatus`.',
      details: detailsOf(answer),
    }),
};

function told({ origin, status }: RefusedAnswer): string {
  return `${origin} answered ${status}`;
}

function detailsOf({ status, said }: RefusedAnswer): { status: number; said: string } {
  return { status, said };
}
