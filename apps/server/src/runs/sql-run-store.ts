import type { Instant, RunId, RunStore, RunWrite, StoredRun } from '@stagewright/engine';

import type { Database } from '../database/database.ts';
import { appendEntries } from './sql/append-entries.ts';
import { createRun } from './sql/create-runs.ts';
import { findDueRuns, findNextDue } from './sql/find-due-runs.ts';
import { findOpenRuns } from './sql/find-open-runs.ts';
import { loadRun } from './sql/load-run.ts';

/** Runs in PostgreSQL, embedded or not. Every method is one statement; none goes through the ORM's unit of work. */
export class SqlRunStore implements RunStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  create(workspace: string, id: RunId, write: RunWrite): Promise<boolean> {
    return createRun(this.#database, workspace, { id, write });
  }

  async append(id: RunId, write: RunWrite): Promise<'committed' | 'stale'> {
    const committed = await appendEntries(this.#database, [{ id, write }]);
    return committed.has(id) ? 'committed' : 'stale';
  }

  load(id: RunId): Promise<StoredRun | undefined> {
    return loadRun(this.#database, id);
  }

  openRuns(limit: number, after: RunId = ''): Promise<RunId[]> {
    return findOpenRuns(this.#database, limit, after);
  }

  dueRuns(now: Instant, limit: number): Promise<RunId[]> {
    return findDueRuns(this.#database, now, limit);
  }

  nextDue(): Promise<Instant | null> {
    return findNextDue(this.#database);
  }
}
