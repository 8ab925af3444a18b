import { StagewrightError } from '@stagewright/engine';
import type {
  Instant,
  RunCreation,
  RunId,
  RunStore,
  RunWrite,
  StoredRun,
  WorkerId,
} from '@stagewright/engine';

import type { Database } from '../database/database.ts';
import { StatementGroup } from './statement-group.ts';
import { appendEntries } from './sql/append-entries.ts';
import { claimOpenRuns, findHeldRuns } from './sql/claim-open-runs.ts';
import { createRuns, pendingCreation } from './sql/create-runs.ts';
import type { PendingCreation } from './sql/create-runs.ts';
import { findDueRuns, findNextDue } from './sql/find-due-runs.ts';
import { findMovedRuns } from './sql/find-moved-runs.ts';
import { loadRuns } from './sql/load-runs.ts';
import { pendingWrite } from './sql/write-columns.ts';
import type { PendingWrite } from './sql/write-columns.ts';

/** At once, of new runs, of entries and of runs that are read: see `StatementGroup`. The hot connections are counted for it. */
const STATEMENTS = 2;
/** Runs whose journals one statement reads: nobody knows beforehand how long they are. */
const LOADED_AT_ONCE = 50;
/** What a statement carries of documents at most, unless a single write is bigger: it is held in memory several times. */
const STATEMENT_CHARACTERS = 8 * 1024 * 1024;

/**
 * Runs in PostgreSQL, embedded or not. Every method is one statement; none goes through the ORM's unit of work. What
 * many runs write or read in the same moment shares a statement.
 */
export class SqlRunStore implements RunStore {
  readonly #database: Database;
  readonly #creations: StatementGroup<PendingCreation, boolean>;
  readonly #entries: StatementGroup<PendingWrite, boolean>;
  readonly #loads: StatementGroup<{ id: RunId }, StoredRun | undefined>;

  constructor(database: Database) {
    this.#database = database;
    const options = {
      statements: STATEMENTS,
      unknownOutcome: isUnreachable,
      weigh: charactersOf,
      mostWeight: STATEMENT_CHARACTERS,
    };
    this.#creations = new StatementGroup<PendingCreation, boolean>(
      inOrder((pending) => createRuns(database, pending)),
      options,
    );
    this.#entries = new StatementGroup<PendingWrite, boolean>(
      inOrder((pending) => appendEntries(database, pending)),
      options,
    );
    this.#loads = new StatementGroup<{ id: RunId }, StoredRun | undefined>(
      async (wanted) => {
        const ids = wanted.map(({ id }) => id);
        const found = await loadRuns(database, ids);
        return ids.map((id) => found.get(id));
      },
      { statements: STATEMENTS, most: LOADED_AT_ONCE, unknownOutcome: isUnreachable },
    );
  }

  create(workspace: string, id: RunId, write: RunCreation): Promise<boolean> {
    return this.#creations.add(pendingCreation(workspace, id, write));
  }

  async append(id: RunId, write: RunWrite): Promise<'committed' | 'stale'> {
    return (await this.#entries.add(pendingWrite(id, write))) ? 'committed' : 'stale';
  }

  /** Resolves when nothing that was given to it is under way any more: before the database may be closed. */
  async drained(): Promise<void> {
    await Promise.all([this.#creations.drained(), this.#entries.drained()]);
  }

  load(id: RunId): Promise<StoredRun | undefined> {
    return this.#loads.add({ id });
  }

  claimOpenRuns(worker: WorkerId, limit: number): Promise<RunId[]> {
    return claimOpenRuns(this.#database, worker, limit);
  }

  heldRuns(worker: WorkerId, limit: number, after: RunId = ''): Promise<RunId[]> {
    return findHeldRuns(this.#database, worker, { limit, after });
  }

  movedRuns(runs: Array<{ id: RunId; version: number }>): Promise<RunId[]> {
    return findMovedRuns(this.#database, runs);
  }

  dueRuns(now: Instant, limit: number): Promise<RunId[]> {
    return findDueRuns(this.#database, now, limit);
  }

  nextDue(): Promise<Instant | null> {
    return findNextDue(this.#database);
  }
}

/** Facts hold outputs of any size and notes what was sent; everything else that is written is bounded. */
function charactersOf({ facts, notes }: PendingWrite): number {
  return facts.length + (notes?.length ?? 0);
}

/** A statement that tells whose write holds, as one that answers each write. */
function inOrder<Write extends PendingWrite>(send: (pending: Write[]) => Promise<Set<RunId>>) {
  return async (pending: Write[]): Promise<boolean[]> => {
    const held = await send(pending);
    return pending.map(({ id }) => held.has(id));
  };
}

/**
 * The connection went away: whether the statement had reached its end, only the journal can tell. Or it waited for its
 * time, or for room: its halves would do the same.
 */
const UNREACHABLE = new Set(['DATABASE_UNAVAILABLE', 'DATABASE_BUSY', 'DISK_FULL']);

function isUnreachable(error: unknown): boolean {
  return error instanceof StagewrightError && UNREACHABLE.has(error.code);
}
