import { ProviderError, StagewrightError } from '@stagewright/engine';

import { providerErrors } from './providers.errors.ts';
import type { ServiceFacts } from './providers.errors.ts';
import { retryAfterMs } from './retry-after.ts';

/** The errors of both SDKs have these; read by shape, since each SDK has classes of its own. */
interface SdkError {
  status?: number;
  headers?: Headers;
  code?: string;
  type?: string;
  said: string;
}

export interface FailureContext {
  service: ServiceFacts;
  /** Never quoted, whatever the service echoes. */
  secrets: string[];
  caller: AbortSignal;
  timedOut: boolean;
  /** The answer had begun. */
  streaming: boolean;
}

/** An error of an SDK, of its transport or of its stream as what the engine knows. An abort by the caller stays one. */
export function toProviderFailure(error: unknown, context: FailureContext): unknown {
  if (context.caller.aborted) return context.caller.reason;
  if (error instanceof ProviderError || error instanceof StagewrightError) return error;
  // The way out refused, or cut the answer off: its words are clearer than what the SDK made of them.
  const refused = causes(error).find((cause) => cause instanceof StagewrightError);
  if (refused !== undefined && !UNREACHED.has(refused.code)) return refused;
  if (context.timedOut) return providerErrors.timeout(context.service);
  const facts = readSdkError(error, context.secrets);
  if (facts.status !== undefined) return fromStatus(facts.status, facts, context.service);
  return fromType(facts, context.service) ?? fromTransport(error, context);
}

function fromStatus(status: number, facts: SdkError, service: ServiceFacts): ProviderError {
  const wait = retryAfterMs(facts.headers, Date.now());
  if (status === 401 || status === 403) return providerErrors.auth(service, status);
  if (status === 408) return providerErrors.timeout(service);
  if (status === 429)
    return facts.code === 'insufficient_quota'
      ? providerErrors.quotaUsedUp(service)
      : providerErrors.rateLimited(service, wait);
  if (status >= 500)
    return providerErrors.unavailable(
      service,
      status === 529 ? 'it is overloaded (529)' : `it answered ${status}`,
      wait,
    );
  if (status >= 300 && status < 400) return providerErrors.redirected(service, status);
  return providerErrors.rejected(service, status, facts.said);
}

/** Errors that come inside a stream have a type and no status. */
function fromType(facts: SdkError, service: ServiceFacts): ProviderError | undefined {
  switch (facts.type ?? facts.code) {
    case 'authentication_error':
    case 'permission_error':
    case 'invalid_api_key':
      return providerErrors.auth(service, 401);
    case 'rate_limit_error':
    case 'rate_limit_exceeded':
      return providerErrors.rateLimited(service, undefined);
    case 'insufficient_quota':
      return providerErrors.quotaUsedUp(service);
    case 'overloaded_error':
    case 'api_error':
    case 'server_error':
    case 'timeout_error':
      return providerErrors.unavailable(
        service,
        facts.type === 'overloaded_error' ? 'it is overloaded' : 'it failed while it answered',
      );
    case 'invalid_request_error':
    case 'not_found_error':
      return providerErrors.rejected(service, facts.type ?? 'invalid_request_error', facts.said);
    default:
      return undefined;
  }
}

/** The service could not be reached: told as the provider's failure, so that another model may serve. */
const UNREACHED: ReadonlySet<string> = new Set(['UPSTREAM_UNREACHABLE']);
const NOT_FOUND = new Set(['UPSTREAM_UNREACHABLE', 'ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME', 'EAI_FAIL']);
const TOO_SLOW = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);
const CUT = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ERR_STREAM_PREMATURE_CLOSE']);

function fromTransport(error: unknown, context: FailureContext): ProviderError {
  const { service, streaming } = context;
  const chain = causes(error);
  const codes = chain
    .map((cause) => (cause as { code?: unknown }).code)
    .filter((code) => typeof code === 'string');
  if (chain.some((cause) => cause instanceof SyntaxError))
    return providerErrors.protocol(service, 'it is not JSON');
  if (
    codes.some((code) => TOO_SLOW.has(code)) ||
    chain.some((cause) => /TimeoutError$/.test(nameOf(cause)))
  ) {
    return providerErrors.timeout(service);
  }
  if (streaming) return providerErrors.truncated(service, 'the connection was cut');
  if (codes.some((code) => NOT_FOUND.has(code)))
    return providerErrors.unavailable(service, 'the name of its host was not found');
  const [code] = codes;
  if (code !== undefined && CUT.has(code))
    return providerErrors.unavailable(service, 'the connection was cut');
  if (code !== undefined) return providerErrors.unavailable(service, `the connection failed (${code})`);
  if (chain.some((cause) => /ConnectionError$/.test(nameOf(cause))))
    return providerErrors.unavailable(service, 'the connection failed');
  return providerErrors.protocol(service, 'its client library gave up on it');
}

function causes(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let cause = error; cause instanceof Error && chain.length < 8; cause = cause.cause) chain.push(cause);
  return chain;
}

function nameOf(error: Error): string {
  return error.name === 'Error' ? error.constructor.name : error.name;
}

function readSdkError(error: unknown, secrets: string[]): SdkError {
  const { status, headers, error: body, code, type } = Object(error) as Record<string, unknown>;
  const inner = nested(body);
  const kind = text(inner['type']) ?? text(type);
  const reason = text(inner['code']) ?? text(code);
  return {
    ...(typeof status === 'number' ? { status } : {}),
    ...(headers instanceof Headers ? { headers } : isHeaders(headers) ? { headers } : {}),
    ...(kind === undefined ? {} : { type: kind }),
    ...(reason === undefined ? {} : { code: reason }),
    said: redact(text(inner['message']) ?? '', secrets),
  };
}

/** Headers of another realm or of undici's own class. */
function isHeaders(value: unknown): value is Headers {
  return typeof value === 'object' && value !== null && 'get' in value && typeof value.get === 'function';
}

/** `{error: {...}}` as the services send it, or the inner object as some SDKs hand it on. */
function nested(body: unknown): Record<string, unknown> {
  const outer = Object(body) as Record<string, unknown>;
  return typeof outer['error'] === 'object' && outer['error'] !== null
    ? (outer['error'] as Record<string, unknown>)
    : outer;
}

const MAX_SAID = 300;

/** What a service said, without keys: the ones we know by value, and whatever looks like one. */
function redact(said: string, secrets: string[]): string {
  const known = secrets
    .filter((secret) => secret !== '')
    .reduce((text, secret) => text.replaceAll(secret, '[redacted]'), said);
  const alike = known.replace(/\b(sk|pk|rk|key|Bearer)[-_ ][\w*.-]{6,}/gi, '[redacted]');
  return alike.replace(/\s+/gu, ' ').trim().slice(0, MAX_SAID);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
