import { createHash } from 'node:crypto';

import { Logger } from '@nestjs/common';
import type { LaneName, QueuedWork, StageQueue } from '@stagewright/engine';
import type { Job, JobOptions, Queue } from 'bull';

import { queueRefused } from './queue.errors.ts';
import { RedisWatch } from './redis-watch.ts';
import { withinTime } from './within-time.ts';

type Handler = (item: QueuedWork) => Promise<void>;

/** What a job carries: ids and nothing else. */
export interface Envelope {
  items: QueuedWork[];
}

/** Items in one job at most. A model is slow, so whoever is free takes one; actions are quick, so a hop carries many. */
const MOST_ITEMS: Record<LaneName, number> = { ai: 1, system: 25 };
const LANES = ['ai', 'system'] as const;
/** Redis is not waited for longer than this: what it does not take is found in the database. */
const PATIENCE_MS = 2_000;
/** Tries, waits and the last word are the database's. What has ended leaves nothing behind. */
const ONCE: JobOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true };

/**
 * Dispatch between processes: one Bull queue for each lane. Redis may lose everything at any time, and jobs may come
 * twice. Left out on purpose: Bull's own attempts, delays and priorities.
 */
export class BullStageQueue implements StageQueue {
  readonly #logger = new Logger(BullStageQueue.name);
  readonly #queues: Record<LaneName, Queue<Envelope>>;
  readonly #redis: RedisWatch;
  /** Of this process: what another one put in may lie with a worker that is gone, and must not stand in the way. */
  readonly #origin: string;
  #waiting: QueuedWork[] = [];
  #flushing: Promise<void> | null = null;
  #closed = false;

  constructor(queues: Record<LaneName, Queue<Envelope>>, origin: string) {
    this.#queues = queues;
    this.#origin = origin;
    this.#redis = new RedisWatch(LANES.map((lane) => queues[lane]));
  }

  /** Stable code of why work does not go through the queue now; null when it does. */
  get fault(): string | null {
    return this.#closed ? null : this.#redis.fault;
  }

  enqueue(items: QueuedWork[], { again = false }: { again?: boolean } = {}): Promise<void> {
    if (this.#closed || items.length === 0) return Promise.resolve();
    if (again) return this.#addEach(items);
    this.#waiting.push(...items);
    this.#flushing ??= this.#flush();
    return this.#flushing;
  }

  consume(handler: Handler, { concurrency }: { concurrency: Record<LaneName, number> }): void {
    // Bull begins to listen once: where it is not let in, it gives up for good. So it begins when it is.
    this.#redis.onceThere(() => {
      for (const lane of LANES) {
        const open = ({ data }: Job<Envelope>): Promise<void> => this.#handOut(data.items, handler);
        this.#queues[lane].process(Math.max(1, concurrency[lane]), open).catch((error: unknown) => {
          if (!this.#closed) this.#redis.refused(error);
        });
      }
    });
  }

  async close(graceMs: number): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#redis.close();
    await this.#flushing?.catch(() => undefined);
    const closed = Promise.all(LANES.map((lane) => this.#queues[lane].close()));
    await withinTime(closed, graceMs).catch((error: unknown) => {
      this.#logger.warn({ message: 'The queue could not be closed in good order.', cause: String(error) });
      for (const lane of LANES) for (const client of this.#queues[lane].clients) client.disconnect();
    });
  }

  /** What the same turn of the event loop brings goes along, whatever runs it is of. */
  async #flush(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#flushing = null;
    const items = this.#waiting;
    this.#waiting = [];
    await this.#toEachLane(items, (own, lane) => envelopes(own, MOST_ITEMS[lane]));
  }

  /** One job for each item, under an id of its own: an item whose job still waits is not put in again. */
  #addEach(items: QueuedWork[]): Promise<void> {
    return this.#toEachLane(items, (own) =>
      own.map((item) => ({ data: { items: [item] }, opts: { ...ONCE, jobId: this.#idOf(item) } })),
    );
  }

  async #toEachLane(
    items: QueuedWork[],
    jobs: (items: QueuedWork[], lane: LaneName) => Array<{ data: Envelope; opts: JobOptions }>,
  ): Promise<void> {
    for (const lane of LANES) {
      const own = items.filter((item) => item.lane === lane);
      if (own.length === 0) continue;
      await this.#add(lane, jobs(own, lane));
    }
  }

  /** A hand-over that Redis refused is one without an id: Bull says nothing of what each of them was answered with. */
  async #add(lane: LaneName, jobs: Array<{ data: Envelope; opts: JobOptions }>): Promise<void> {
    const fault = this.#redis.fault;
    if (fault !== null) throw queueRefused(fault);
    try {
      const added = await withinTime(this.#queues[lane].addBulk(jobs), PATIENCE_MS);
      if (added.some(({ id }) => (id ?? null) === null)) throw new Error('Redis refused what was written.');
    } catch (error) {
      throw queueRefused(this.#redis.refused(error), error);
    }
  }

  async #handOut(items: QueuedWork[], handler: Handler): Promise<void> {
    // A handler that fails has said so itself; what it left undone is found again in the database.
    await Promise.all(items.map((item) => handler(item).catch(() => undefined)));
  }

  /** New with every fence: an id that a job once had is ignored for as long as that job is not removed. */
  #idOf({ run, work, attempt, fence }: QueuedWork): string {
    return createHash('sha256')
      .update(JSON.stringify([this.#origin, run, work, attempt, fence]))
      .digest('hex');
  }
}

function envelopes(items: QueuedWork[], most: number): Array<{ data: Envelope; opts: JobOptions }> {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, index) => ({
    data: { items: items.slice(index * most, (index + 1) * most) },
    opts: ONCE,
  }));
}
