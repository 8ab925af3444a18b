import type { Clock, Instant } from '@stagewright/engine';

const ONE_DAY_MS = 86_400_000;

/** The clock of the machine. Its timers do not keep the process alive. */
export class SystemClock implements Clock {
  now(): Instant {
    return new Date().toISOString();
  }

  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, Math.min(Math.max(0, ms), ONE_DAY_MS)).unref();
    return () => clearTimeout(timer);
  }
}
