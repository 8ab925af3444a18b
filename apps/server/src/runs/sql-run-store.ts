import { StagewrightError } from '@stagewright/engine';
import type { Instant, RunId, RunStore, RunWrite, StoredRun, WorkerId } from '@stagewright/engine';

import type { Database } from '../database/database.ts';
import { CommitGroup } from './commit-group.ts';
import { appendEntries } from './sql/append-entries.ts';
import { claimOpenRuns, findHeldRuns } from './sql/claim-open-runs.ts';
import { createRuns } from './sql/create-runs.ts';
import type { PendingCreation } from './sql/create-runs.ts';
import { findDueRuns, findNextDue } from './sql/find-due-runs.ts';
import { findMovedRuns } from './sql/find-moved-runs.ts';
import { loadRun } from './sql/load-run.ts';
import type { PendingWrite } from './sql/write-columns.ts';

/** What a statement carries of documents at most, unless a single write is bigger: it is held in memory several times. */
const STATEMENT_CHARACTERS = 8 * 1024 * 1024;

/**
 * Runs in PostgreSQL, embedded or not. Every method is one statement; none goes through the ORM's unit of work. What
 * many runs write in the same moment shares a statement: one for new runs and one for entries of runs that are there,
 * each on a connection of its own.
 */
export class SqlRunStore implements RunStore {
  readonly #database: Database;
  readonly #creations: CommitGroup<PendingCreation, boolean>;
  readonly #entries: CommitGroup<PendingWrite, boolean>;

  constructor(database: Database) {
    this.#database = database;
    const options = { unknownOutcome: isUnreachable, weigh: charactersOf, mostWeight: STATEMENT_CHARACTERS };
    this.#creations = new CommitGroup<PendingCreation, boolean>(
      inOrder((pending) => createRuns(database, pending)),
      options,
    );
    this.#entries = new CommitGroup<PendingWrite, boolean>(
      inOrder((pending) => appendEntries(database, pending)),
      options,
    );
  }

  create(workspace: string, id: RunId, write: RunWrite): Promise<boolean> {
    return this.#creations.add({ workspace, id, write });
  }

  async append(id: RunId, write: RunWrite): Promise<'committed' | 'stale'> {
    return (await this.#entries.add({ id, write })) ? 'committed' : 'stale';
  }

  /** Resolves when nothing that was given to it is under way any more: before the database may be closed. */
  async drained(): Promise<void> {
    await Promise.all([this.#creations.drained(), this.#entries.drained()]);
  }

  load(id: RunId): Promise<StoredRun | undefined> {
    return loadRun(this.#database, id);
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

/** Facts hold outputs of any size; everything else that is written is bounded. */
function charactersOf({ write }: PendingWrite): number {
  return JSON.stringify(write.entry.facts).length;
}

/** A statement that tells whose write holds, as one that answers each write. */
function inOrder<Write extends PendingWrite>(send: (pending: Write[]) => Promise<Set<RunId>>) {
  return async (pending: Write[]): Promise<boolean[]> => {
    const held = await send(pending);
    return pending.map(({ id }) => held.has(id));
  };
}

/** The connection went away: whether the statement had reached its end, only the journal can tell. */
function isUnreachable(error: unknown): boolean {
  return error instanceof StagewrightError && error.code === 'DATABASE_UNAVAILABLE';
}
