import type { EngineLog } from './ports.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { Instant, RunId } from '../vocabulary.ts';

const RUNS_PER_PAGE = 100;
/** What is due and stays due is not asked for more often than this. */
const SHORTEST_WAIT_MS = 1_000;
const WAIT_AFTER_FAILURE_MS = 5_000;
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1_000;

/**
 * One alarm per process for the earliest timer of all runs. The timers themselves are rows: after a restart the alarm
 * asks the store what is due, and however many runs wait, they cost one pending callback.
 */
export class TimerAlarm {
  readonly #store: RunStore;
  readonly #clock: Clock;
  readonly #log: EngineLog;
  readonly #fire: (run: RunId) => Promise<unknown>;
  #set: { at: number; withdraw: () => void } | null = null;
  #ringing = false;
  /** It was asked to ring while it rang. */
  #again = false;
  #closed = false;

  constructor(parts: {
    store: RunStore;
    clock: Clock;
    log: EngineLog;
    fire: (run: RunId) => Promise<unknown>;
  }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#fire = parts.fire;
  }

  /** A timer was set: rings by then at the latest. */
  consider(at: Instant): void {
    this.#arm(Date.parse(at));
  }

  /** Fires what is due now and arms itself for what is due next. */
  async ring(): Promise<void> {
    this.#again = true;
    if (this.#ringing) return;
    this.#ringing = true;
    while (this.#again && !this.#closed) {
      this.#again = false;
      this.#disarm();
      await this.#ringOnce();
    }
    this.#ringing = false;
  }

  async #ringOnce(): Promise<void> {
    try {
      const stuck = await this.#fireDue();
      const next = await this.#store.nextDue();
      if (next !== null)
        this.#arm(stuck ? Math.max(Date.parse(next), this.#now() + SHORTEST_WAIT_MS) : Date.parse(next));
    } catch (error) {
      this.#log.warn('Timers could not be read; they are asked for again.', { cause: String(error) });
      this.#arm(this.#now() + WAIT_AFTER_FAILURE_MS);
    }
  }

  close(): void {
    this.#closed = true;
    this.#disarm();
  }

  /** True when a run stays due although it was told: the same page came twice. */
  async #fireDue(): Promise<boolean> {
    const told = new Set<RunId>();
    for (;;) {
      const due = await this.#store.dueRuns(this.#clock.now(), RUNS_PER_PAGE);
      const fresh = due.filter((run) => !told.has(run));
      if (fresh.length === 0) return due.length > 0;
      for (const run of fresh) {
        told.add(run);
        await this.#fire(run).catch((error: unknown) => {
          this.#log.warn('A timer could not be fired; it is tried again.', { run, cause: String(error) });
        });
      }
    }
  }

  #arm(at: number): void {
    if (this.#closed || (this.#set !== null && this.#set.at <= at)) return;
    this.#disarm();
    const wait = Math.min(LONGEST_WAIT_MS, Math.max(0, at - this.#now()));
    const withdraw = this.#clock.after(wait, () => {
      this.#set = null;
      void this.ring();
    });
    this.#set = { at, withdraw };
  }

  #disarm(): void {
    this.#set?.withdraw();
    this.#set = null;
  }

  #now(): number {
    return Date.parse(this.#clock.now());
  }
}
