import type { EngineLog } from './ports.ts';
import type { RunKeepers } from './run-keepers.ts';
import type { WorkDesk } from './work-desk.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { RunId } from '../vocabulary.ts';

const RUNS_PER_PAGE = 100;
/** Runs of this process that one round looks at: the next round goes on where it left off. */
const OWN_RUNS_PER_ROUND = 1_000;

/**
 * Finds work that nobody carries out, from what the store says: a queue that forgot it, a process that is gone. Every
 * process does so all the time; of two that find the same run, one gets it.
 */
export class Recovery {
  readonly #store: RunStore;
  readonly #keepers: RunKeepers;
  readonly #desk: WorkDesk;
  readonly #log: EngineLog;
  #after: RunId | undefined;
  #closed = false;

  constructor(parts: { store: RunStore; keepers: RunKeepers; desk: WorkDesk; log: EngineLog }) {
    this.#store = parts.store;
    this.#keepers = parts.keepers;
    this.#desk = parts.desk;
    this.#log = parts.log;
  }

  /** One round. Gives the number of runs that had something outstanding. */
  async round(): Promise<number> {
    await this.lookAgain();
    const seen = new Set<RunId>();
    return (await this.#claim(seen)) + (await this.#own(seen));
  }

  close(): void {
    this.#closed = true;
  }

  /** Of what is under way here, another process may have cancelled or taken over some: that is given up. */
  async lookAgain(): Promise<void> {
    for (const id of await this.#moved(this.#desk.busy)) await this.#takeUp(id, true);
  }

  /** Those that other processes wrote to since they were read here: what lies in memory of them says nothing about who works. */
  async #moved(ids: RunId[]): Promise<ReadonlySet<RunId>> {
    const known = ids.flatMap((id) => {
      const version = this.#keepers.versionOf(id);
      return version === null ? [] : [{ id, version }];
    });
    return new Set(known.length === 0 ? [] : await this.#store.movedRuns(known));
  }

  /** Runs that nobody answers for: `seen` from then on. */
  async #claim(seen: Set<RunId>): Promise<number> {
    let found = 0;
    for (let more = true; more && !this.#closed;) {
      const worker = this.#desk.worker;
      if (worker === null) break;
      const page = await this.#store.claimOpenRuns(worker, RUNS_PER_PAGE);
      found += await this.#takeUpAll(page);
      for (const id of page) seen.add(id);
      more = page.length === RUNS_PER_PAGE;
    }
    return found;
  }

  /** Runs that this process answers for: what the queue lost of them, and what a worker that is gone had begun. */
  async #own(seen: ReadonlySet<RunId>): Promise<number> {
    let found = 0;
    for (let looked = 0; looked < OWN_RUNS_PER_ROUND && !this.#closed; looked += RUNS_PER_PAGE) {
      const worker = this.#desk.worker;
      if (worker === null) break;
      const page = await this.#store.heldRuns(worker, RUNS_PER_PAGE, this.#after);
      found += await this.#takeUpAll(page.filter((id) => !seen.has(id)));
      this.#after = page.length === RUNS_PER_PAGE ? page.at(-1) : undefined;
      if (this.#after === undefined) break;
    }
    return found;
  }

  async #takeUpAll(page: RunId[]): Promise<number> {
    const moved = await this.#moved(page);
    let found = 0;
    for (const id of page) {
      // What is left of the page is found by whoever looks next.
      if (this.#closed) break;
      if (await this.#takeUp(id, moved.has(id))) found += 1;
    }
    return found;
  }

  async #takeUp(id: RunId, moved: boolean): Promise<boolean> {
    try {
      return await this.#keepers.takeUp(id, { recover: true, moved });
    } catch (error) {
      this.#log.error('A run could not be taken up; it is tried again at the next recovery.', {
        run: id,
        cause: String(error),
      });
      return false;
    }
  }
}
