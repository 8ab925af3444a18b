import { RunKeeper } from './run-keeper.ts';
import type { Assignment, Held } from './assignment.ts';
import type { CreateLetter, Letter } from './letters.ts';
import type { KeeperHost } from './keeper-host.ts';
import type { AttemptRecord } from '../ports/run-store.ts';
import type { RunReport, RunVerb } from '../run/event.ts';
import type { RunView } from '../run/view.ts';
import type { RunId } from '../vocabulary.ts';

type Question = 'resolve' | 'reject';

/** The runs in the memory of this process: those it works on now, and a bounded number of open ones. */
export class RunKeepers {
  readonly #keepers = new Map<RunId, RunKeeper>();
  readonly #host: Omit<KeeperHost, 'idle'>;
  readonly #limit: number;
  readonly #quiet: Array<() => void> = [];
  #closed = false;

  constructor(host: Omit<KeeperHost, 'idle'>, limit: number) {
    this.#host = host;
    this.#limit = limit;
  }

  /** Runs in memory. A run that is parked or ended is not among them. */
  get size(): number {
    return this.#keepers.size;
  }

  create(id: RunId, letter: Omit<CreateLetter, Question | 'kind'>): Promise<RunView | null> {
    return this.#ask(id, (answer) => ({ kind: 'create', ...letter, ...answer }));
  }

  verb(workspace: string, id: RunId, verb: RunVerb): Promise<RunView> {
    return this.#ask(id, (answer) => ({ kind: 'verb', workspace, verb, ...answer }));
  }

  /** Whether the report changed the run: false when it came too late. */
  report(id: RunId, report: RunReport, record: AttemptRecord | null): Promise<boolean> {
    return this.#ask(id, (answer) => ({ kind: 'report', report, record, failures: 0, ...answer }));
  }

  start(id: RunId, work: string, attempt: number): Promise<Assignment | null> {
    return this.#ask(id, (answer) => ({ kind: 'start', work, attempt, lost: false, ...answer }));
  }

  takeUp(id: RunId, what: { recover: boolean; moved?: boolean }): Promise<boolean> {
    return this.#ask(id, (answer) => ({ kind: 'take-up', moved: false, ...what, ...answer }));
  }

  /** Version of a run as it lies in memory; null when it does not. */
  versionOf(id: RunId): number | null {
    return this.#keepers.get(id)?.version ?? null;
  }

  read(id: RunId, options: { present: boolean }): Promise<Held> {
    return this.#ask(id, (answer) => ({ kind: 'read', ...options, ...answer }));
  }

  /** Forgets the run when nothing of it goes on in this process. */
  sweep(id: RunId): void {
    const keeper = this.#keepers.get(id);
    if (keeper === undefined || !keeper.atRest || this.#host.desk.busyWith(id)) return;
    if (!keeper.open) this.#keepers.delete(id);
    else this.#bound();
    if (this.#keepers.size === 0) for (const resolve of this.#quiet.splice(0)) resolve();
  }

  /** Resolves when no run is in memory: all of them are parked or ended. */
  quiet(): Promise<void> {
    if (this.#keepers.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#quiet.push(resolve));
  }

  close(): void {
    this.#closed = true;
    for (const keeper of this.#keepers.values()) keeper.close();
  }

  /** Open runs that this process does not work on right now are kept only so far. */
  #bound(): void {
    if (this.#keepers.size <= this.#limit) return;
    for (const [id, keeper] of this.#keepers) {
      if (this.#keepers.size <= this.#limit) return;
      if (keeper.atRest && !this.#host.desk.busyWith(id)) this.#keepers.delete(id);
    }
  }

  #ask<T>(
    id: RunId,
    letter: (answer: { resolve(answer: T): void; reject(error: unknown): void }) => Letter,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#keeper(id).post(letter({ resolve, reject }));
    });
  }

  /** Always through here: a keeper that was forgotten must not be written to beside a new one. */
  #keeper(id: RunId): RunKeeper {
    const known = this.#keepers.get(id);
    if (known !== undefined) return known;
    const keeper = new RunKeeper(id, { ...this.#host, idle: () => this.sweep(id) });
    if (this.#closed) keeper.close();
    this.#keepers.set(id, keeper);
    return keeper;
  }
}
