import type { LaneName, QueuedWork, StageQueue } from '../ports/stage-queue.ts';

type Handler = (item: QueuedWork) => Promise<void>;

/**
 * Dispatch inside one process: a list in memory, first in, first out. It forgets everything when the process ends,
 * which is fine: the run store knows what is outstanding. An item that waits already is not taken in twice.
 */
export class InProcessStageQueue implements StageQueue {
  readonly #waiting = new Map<string, QueuedWork>();
  readonly #idle: Array<() => void> = [];
  #handler: Handler | undefined;
  #concurrency = 0;
  #underWay = 0;
  #closed = false;

  enqueue(items: QueuedWork[]): Promise<void> {
    if (this.#closed) return Promise.resolve();
    for (const item of items) {
      const key = keyOf(item);
      if (!this.#waiting.has(key)) this.#waiting.set(key, item);
    }
    this.#handOut();
    return Promise.resolve();
  }

  consume(handler: Handler, { concurrency }: { concurrency: Record<LaneName, number> }): void {
    this.#handler = handler;
    this.#concurrency = Math.max(1, concurrency.ai + concurrency.system);
    this.#handOut();
  }

  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    this.#waiting.clear();
    if (this.#underWay === 0) return;
    await new Promise<void>((resolve) => {
      const stop = setTimeout(resolve, graceMs);
      this.#idle.push(() => {
        clearTimeout(stop);
        resolve();
      });
    });
  }

  #handOut(): void {
    const handler = this.#handler;
    if (handler === undefined) return;
    for (const [key, item] of this.#waiting) {
      if (this.#closed || this.#underWay >= this.#concurrency) return;
      this.#waiting.delete(key);
      this.#underWay += 1;
      // A handler that fails has said so itself; what it left undone is found again by recovery.
      void Promise.resolve()
        .then(() => handler(item))
        .catch(() => undefined)
        .then(() => this.#done());
    }
  }

  #done(): void {
    this.#underWay -= 1;
    this.#handOut();
    if (this.#underWay === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}

function keyOf(item: QueuedWork): string {
  return JSON.stringify([item.run, item.work, item.attempt]);
}
