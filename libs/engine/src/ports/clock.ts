import type { Instant } from '../vocabulary.ts';

/** Where time comes from. */
export interface Clock {
  now(): Instant;
  /** Calls back once, not before `ms` have passed; the returned function withdraws it. At most one day. */
  after(ms: number, callback: () => void): () => void;
}
