import type { Retry } from '../template/plan.ts';
import type { Failure, Instant, RunId } from '../vocabulary.ts';

/** A service that asks for more patience than this, in milliseconds, is asked again after it nevertheless. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/** Which try failed. */
export interface FailedTry {
  run: RunId;
  /** Task id, or `end-action:<index>`. */
  work: string;
  attempt: number;
  /** Tries so far in this round, the failed one included. */
  tries: number;
  error: Failure;
}

/** When to try again; null when the tries are used up or the error does not allow one. */
export function retryAt(retry: Retry, failed: FailedTry, now: Instant): Instant | null {
  if (!failed.error.retryable || failed.tries >= retry.attempts) return null;
  const asked = Math.min(failed.error.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
  return later(now, Math.max(backoffMs(retry, failed), asked));
}

/**
 * Doubles with each try up to the longest wait; of that, between half and all. The share is drawn from the names of
 * the try, not from chance: the same decision made twice is the same, and tasks that failed together do not come back
 * together.
 */
function backoffMs(retry: Retry, failed: FailedTry): number {
  const full = Math.min(retry.maxDelayMs, retry.delayMs * 2 ** (failed.tries - 1));
  return Math.round(full * (0.5 + share(`${failed.run}/${failed.work}/${failed.attempt}`) / 2));
}

/** A number in [0, 1) that follows from the text: FNV-1a, then mixed as murmur3 does, so that near texts lie far apart. */
function share(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** The instant `ms` milliseconds after another. */
export function later(instant: Instant, ms: number): Instant {
  return new Date(Date.parse(instant) + ms).toISOString();
}
