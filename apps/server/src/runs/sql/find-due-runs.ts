import type { Instant, RunId } from '@stagewright/engine';

import { instant } from '../../database/database.ts';
import type { Database, Statement } from '../../database/database.ts';

/** Index: `run_wait_due`, which holds only timers. A run with several due timers comes once. */
const FIND_DUE_RUNS: Statement = {
  name: 'find-due-runs',
  text: `select run_id as id from run_wait where due_at is not null and due_at <= $1::timestamptz
    group by run_id order by min(due_at), run_id limit $2`,
};

/** Index: `run_wait_due`. */
const FIND_NEXT_DUE: Statement = {
  name: 'find-next-due',
  text: `select ${instant('min(due_at)')} as at from run_wait where due_at is not null`,
};

export async function findDueRuns(database: Database, now: Instant, limit: number): Promise<RunId[]> {
  const rows = await database.query<{ id: RunId }>(FIND_DUE_RUNS, [now, limit]);
  return rows.map((row) => row.id);
}

export async function findNextDue(database: Database): Promise<Instant | null> {
  const rows = await database.query<{ at: Instant | null }>(FIND_NEXT_DUE, []);
  return rows[0]?.at ?? null;
}
