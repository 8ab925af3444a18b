import type { RunId } from '../vocabulary.ts';

/** Work for a worker: ids only, everything else is read from the run. */
export interface QueuedWork {
  run: RunId;
  /** Task id, or `end-action:<index>`. */
  work: string;
  attempt: number;
}

/**
 * Tells workers that there is work. A hint: the truth is the run store, a lost item is found again by recovery and an
 * item that comes twice does nothing the second time. Left out on purpose: results, retries, priorities, delays.
 */
export interface StageQueue {
  enqueue(items: QueuedWork[]): Promise<void>;
  /** Registers the one consumer of this process. At most `concurrency` items are under way at once. */
  consume(handler: (item: QueuedWork) => Promise<void>, options: { concurrency: number }): void;
  /** Takes no new item, waits at most `graceMs` for those under way. */
  close(graceMs: number): Promise<void>;
}
