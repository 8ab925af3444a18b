import type { Clock, Instant } from '@stagewright/engine';

const ONE_DAY_MS = 86_400_000;

/** The clock of the machine. Its timers do not keep the process alive. */
export class SystemClock implements Clock {
  #ms = 0;
  #instant: Instant = new Date(0).toISOString();

  /** Asked for several times in a millisecond under load; the text is made once. */
  now(): Instant {
    const ms = Date.now();
    if (ms !== this.#ms) {
      this.#ms = ms;
      this.#instant = new Date(ms).toISOString();
    }
    return this.#instant;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, Math.min(Math.max(0, ms), ONE_DAY_MS)).unref();
    return () => clearTimeout(timer);
  }
}
