import type { Failure, JsonObject } from '../vocabulary.ts';

export interface ErrorFacts {
  hint?: string;
  retryable?: boolean;
  retryAfterMs?: number;
  details?: JsonObject;
  cause?: unknown;
}

/** Base of every error the product raises on purpose. `code` is stable, `AREA_REASON`. */
export class StagewrightError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly details: JsonObject | undefined;

  constructor(code: string, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = facts.hint;
    this.retryable = facts.retryable ?? false;
    this.retryAfterMs = facts.retryAfterMs;
    this.details = facts.details;
  }
}

/** The error as it is kept in the journal and shown. An error of unknown make keeps its message, never its stack. */
export function toFailure(error: unknown): Failure {
  if (error instanceof StagewrightError) {
    return {
      code: error.code,
      message: error.message,
      retryable: error.retryable,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
      ...(error.details === undefined ? {} : { details: error.details }),
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'INTERNAL_ERROR', message, retryable: true };
}
