import { Logger } from '@nestjs/common';
import type { Queue } from 'bull';

import { queueFault } from './queue.errors.ts';
import type { QueueFault } from './queue.errors.ts';
import { withinTime } from './within-time.ts';

const ASK_EVERY_MS = 1_000;
const PATIENCE_MS = 2_000;

/**
 * Whether Redis takes work. That a connection stands says little: a Redis that is full, or a copy of another one,
 * lets everybody in and refuses what they write. So something is written every second, and what it said last counts.
 */
export class RedisWatch {
  readonly #logger = new Logger(RedisWatch.name);
  readonly #queues: readonly Queue[];
  readonly #timer: NodeJS.Timeout;
  /** Of the last answer; until the first one nobody knows. */
  #fault: QueueFault | null = 'QUEUE_UNAVAILABLE';
  #said: QueueFault | null = null;
  #asking: Promise<void> | null = null;
  #onceThere: Array<() => void> = [];

  constructor(queues: readonly Queue[]) {
    this.#queues = queues;
    for (const queue of queues) {
      queue.on('error', (error) => this.#hear(error));
      queue.client.on('ready', () => void this.#ask());
    }
    this.#timer = setInterval(() => void this.#ask(), ASK_EVERY_MS).unref();
    void this.#ask();
  }

  get fault(): QueueFault | null {
    return this.#fault ?? (this.#isConnected ? null : 'QUEUE_UNAVAILABLE');
  }

  /** Work was refused. From now on nobody offers any, until something that is written is taken. */
  refused(cause: unknown): QueueFault {
    const fault = queueFault(cause) ?? this.#fault ?? 'QUEUE_UNAVAILABLE';
    this.#is(fault, cause);
    return fault;
  }

  /** Calls back when Redis has taken something: at once when it did so last. */
  onceThere(callback: () => void): void {
    if (this.#fault === null) callback();
    else this.#onceThere.push(callback);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#onceThere = [];
  }

  get #isConnected(): boolean {
    return this.#queues.every(({ client }) => client.status === 'ready');
  }

  /** What the connections say between two questions. Most of it is about a job, and no fault of Redis. */
  #hear(error: unknown): void {
    if (queueFault(error) !== undefined || !this.#isConnected) this.refused(error);
    else this.#logger.warn({ message: 'The queue has something to say.', cause: String(error) });
  }

  #ask(): Promise<void> {
    this.#asking ??= this.#write().finally(() => (this.#asking = null));
    return this.#asking;
  }

  async #write(): Promise<void> {
    if (!this.#isConnected) return;
    const writes = this.#queues.map((queue) =>
      queue.client.set(queue.toKey('asked'), '', 'PX', 10 * ASK_EVERY_MS),
    );
    try {
      await withinTime(Promise.all(writes), PATIENCE_MS);
      this.#is(null);
      for (const callback of this.#onceThere.splice(0)) callback();
    } catch (error) {
      this.refused(error);
    }
  }

  /** Said once for each fault: it is tried again and again. */
  #is(fault: QueueFault | null, cause?: unknown): void {
    this.#fault = fault;
    if (fault === this.#said) return;
    this.#said = fault;
    if (fault === null) return this.#logger.log('The queue is back.');
    this.#logger.warn({
      message: 'The queue takes no work; it is found in the database.',
      code: fault,
      cause: String(cause),
    });
  }
}
