import type { Clock } from '../ports/clock.ts';
import type { Instant } from '../vocabulary.ts';

interface Alarm {
  due: number;
  order: number;
  callback: () => void;
}

/** Time that moves only when a test moves it. Starts at 2026-01-01T00:00:00.000Z unless told otherwise. */
export class ManualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #alarms = new Set<Alarm>();

  constructor(start: Instant = '2026-01-01T00:00:00.000Z') {
    this.#now = Date.parse(start);
  }

  now(): Instant {
    return new Date(this.#now).toISOString();
  }

  after(ms: number, callback: () => void): () => void {
    const alarm: Alarm = { due: this.#now + Math.max(0, ms), order: this.#order++, callback };
    this.#alarms.add(alarm);
    return () => {
      this.#alarms.delete(alarm);
    };
  }

  /** Moves time on and calls what falls due on the way, in the order in which it falls due. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#earliest(); next !== undefined && next.due <= end; next = this.#earliest()) {
      this.#now = Math.max(this.#now, next.due);
      this.#alarms.delete(next);
      next.callback();
    }
    this.#now = end;
  }

  /** Milliseconds until the next alarm; null when nothing is set. */
  untilNext(): number | null {
    const next = this.#earliest();
    return next === undefined ? null : Math.max(0, next.due - this.#now);
  }

  #earliest(): Alarm | undefined {
    return [...this.#alarms].sort((a, b) => a.due - b.due || a.order - b.order)[0];
  }
}
