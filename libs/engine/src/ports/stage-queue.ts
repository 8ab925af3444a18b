import type { RunId } from '../vocabulary.ts';

/** What work waits for: models, or actions. */
export type LaneName = 'ai' | 'system';

/** Work for a worker: ids only, everything else is read from the run. */
export interface QueuedWork {
  run: RunId;
  /** Task id, or `end-action:<index>`. */
  work: string;
  attempt: number;
  /** Of the attempt when it was put in: another worker that has it since knows it by another one. */
  fence: number;
  lane: LaneName;
}

/**
 * Tells workers that there is work. A hint: the truth is the run store, a lost item is found again by recovery and an
 * item that comes twice does nothing the second time. Left out on purpose: results, retries, priorities, delays.
 */
export interface StageQueue {
  /**
   * With `again` the items may wait in the queue already; those that do are not put in twice. Throws
   * `QUEUE_UNAVAILABLE` when the queue did not take them.
   */
  enqueue(items: QueuedWork[], options?: { again?: boolean }): Promise<void>;
  /** Registers the one consumer of this process. It has a few items of each lane under way at once. */
  consume(
    handler: (item: QueuedWork) => Promise<void>,
    options: { concurrency: Record<LaneName, number> },
  ): void;
  /** Takes no new item, waits at most `graceMs` for those under way. */
  close(graceMs: number): Promise<void>;
}
