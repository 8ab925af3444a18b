import { StagewrightError } from '../errors/stagewright-error.ts';
import type { ErrorFacts } from '../errors/stagewright-error.ts';

export type ProviderErrorCode =
  /** Key missing, wrong or without the right. Not retryable. */
  | 'PROVIDER_AUTH'
  /** 429. Retryable, with `retryAfterMs` when the service said so. */
  | 'PROVIDER_RATE_LIMITED'
  /** 5xx, connection refused or reset, name not found. Retryable. */
  | 'PROVIDER_UNAVAILABLE'
  /** No answer in time. Retryable. */
  | 'PROVIDER_TIMEOUT'
  /** The service refused the request as wrong (4xx). Not retryable. */
  | 'PROVIDER_REJECTED'
  /** The stream ended before its end, or half a tool call came. Retryable; nothing of it is used. */
  | 'STREAM_TRUNCATED'
  /** The answer does not speak the protocol. Retryable. */
  | 'PROVIDER_PROTOCOL'
  | 'PROVIDER_NOT_CONFIGURED';

/** A failure of an AI service. The message never holds a key. */
export class ProviderError extends StagewrightError {
  constructor(code: ProviderErrorCode, message: string, facts: ErrorFacts = {}) {
    super(code, message, facts);
  }
}
