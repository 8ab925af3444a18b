import { sameJson } from './bounds.ts';
import { header, replay, standing, waits } from '../run/index.ts';
import type { Batch } from './batch.ts';
import type { Held } from './assignment.ts';
import type { PlanCache } from './plan-cache.ts';
import type { RunCreation, RunHeader, RunStore, RunWrite } from '../ports/run-store.ts';
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
    return {
      workspace: stored.workspace,
      plan,
      run,
      // Who answers for the run is not in its journal: the first entry that is written here says it.
      header: null,
      waits: JSON.stringify(waits(plan, run)),
    };
  }

  nextEntry(batch: Batch, held: Held, version: number): NextEntry {
    const { plan } = batch;
    const run = { ...batch.run, version };
    const shown = header(plan, run, this.#worker());
    const waiting = waits(plan, run);
    const key = JSON.stringify(waiting);
    const write: RunWrite = {
      entry: { version, at: batch.at, facts: batch.facts },
      standing: standing(plan, run),
      notes: batch.notes,
      ...(held.header !== null && sameHeader(held.header, shown) ? {} : { header: shown }),
      ...(key === held.waits ? {} : { waits: waiting }),
    };
    return { write, next: { workspace: held.workspace, plan, run, header: shown, waits: key } };
  }

  create(workspace: string, write: RunCreation): Promise<'committed' | 'stale'> {
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

function sameHeader(one: RunHeader, other: RunHeader): boolean {
  return (
    one.state === other.state &&
    one.open === other.open &&
    one.holder === other.holder &&
    one.endedAt === other.endedAt &&
    one.startedAt === other.startedAt &&
    one.revision === other.revision &&
    one.template === other.template &&
    one.title === other.title
  );
}
