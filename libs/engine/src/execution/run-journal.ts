import { sameJson } from './bounds.ts';
import { header, replay, waits } from '../run/index.ts';
import type { Batch } from './batch.ts';
import type { Held } from './assignment.ts';
import type { PlanCache } from './plan-cache.ts';
import type { RunStore, RunWrite } from '../ports/run-store.ts';
import type { RunId, WorkerId } from '../vocabulary.ts';

/** A batch as it is to be written, and the run as it is once that is done. */
export interface NextEntry {
  write: RunWrite;
  next: Held;
}

/** One run in the store: read as a whole, written one entry at a time. */
export class RunJournal {
  readonly #id: RunId;
  readonly #store: RunStore;
  readonly #plans: PlanCache;
  readonly #worker: () => WorkerId | null;

  /** `worker` answers for what is open after an entry that is written here. */
  constructor(
    id: RunId,
    { store, plans, worker }: { store: RunStore; plans: PlanCache; worker: () => WorkerId | null },
  ) {
    this.#id = id;
    this.#store = store;
    this.#plans = plans;
    this.#worker = worker;
  }

  /** Null when there is no such run. Throws `RUN_JOURNAL_BROKEN`, or what the store throws. */
  async load(): Promise<Held | null> {
    const stored = await this.#store.load(this.#id);
    if (stored === undefined || stored.entries.length === 0) return null;
    const run = replay(this.#id, stored.entries);
    const plan = await this.#plans.byDigest(run.lock.revision.digest);
    return { workspace: stored.workspace, plan, run, waits: JSON.stringify(waits(plan, run)) };
  }

  nextEntry(batch: Batch, held: Held, version: number): NextEntry {
    const { plan } = batch;
    const run = { ...batch.run, version };
    const waiting = waits(plan, run);
    const key = JSON.stringify(waiting);
    const write: RunWrite = {
      entry: { version, at: batch.at, facts: batch.facts },
      header: header(plan, run, this.#worker()),
      attempts: batch.records,
      ...(key === held.waits ? {} : { waits: waiting }),
    };
    return { write, next: { workspace: held.workspace, plan, run, waits: key } };
  }

  create(workspace: string, write: RunWrite): Promise<'committed' | 'stale'> {
    return this.#surely(write, async () =>
      (await this.#store.create(workspace, this.#id, write)) ? 'committed' : 'stale',
    );
  }

  append(write: RunWrite): Promise<'committed' | 'stale'> {
    return this.#surely(write, () => this.#store.append(this.#id, write));
  }

  /** When the store fails, nobody knows whether it wrote: the journal is read back before anything is repeated. */
  async #surely(
    write: RunWrite,
    attempt: () => Promise<'committed' | 'stale'>,
  ): Promise<'committed' | 'stale'> {
    try {
      return await attempt();
    } catch (error) {
      const stored = await this.#store.load(this.#id);
      const there = stored?.entries.find((entry) => entry.version === write.entry.version);
      if (there !== undefined && sameJson(there, write.entry)) return 'committed';
      throw error;
    }
  }
}
