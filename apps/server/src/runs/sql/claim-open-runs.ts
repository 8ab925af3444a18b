import type { RunId, WorkerId } from '@stagewright/engine';

import type { Database, Statement } from '../../database/database.ts';

/**
 * Indexes: `run_held`, for the runs that nobody has and for those of each worker that is gone; the primary key for
 * the rest. Of two workers that claim at once the second passes over what the first is about to take.
 */
const CLAIM_OPEN_RUNS: Statement = {
  name: 'claim-open-runs',
  text: `with gone as (select id from worker where expires_at <= now()),
    found as (
      (select id from run where open and holder is null order by id limit $2)
      union all
      (select r.id from gone join run r on r.open and r.holder = gone.id order by r.id limit $2)
    ), free as (
      select id from run where id in (select id from found) and open
        and (holder is null or holder in (select id from gone))
      order by id limit $2 for update skip locked
    )
    update run r set holder = $1 from free where r.id = free.id returning r.id`,
};

/** Index: `run_held`. */
const FIND_HELD_RUNS: Statement = {
  name: 'find-held-runs',
  text: 'select id from run where open and holder = $1 and id > $2 order by id limit $3',
};

/** Runs that no living worker answers for, and that `worker` answers for from now on. */
export async function claimOpenRuns(database: Database, worker: WorkerId, limit: number): Promise<RunId[]> {
  const rows = await database.query<{ id: RunId }>(CLAIM_OPEN_RUNS, [worker, limit]);
  return rows.map((row) => row.id).sort();
}

/** A page of the open runs that `worker` answers for, in the byte order of their ids. */
export async function findHeldRuns(
  database: Database,
  worker: WorkerId,
  page: { limit: number; after: RunId },
): Promise<RunId[]> {
  const rows = await database.query<{ id: RunId }>(FIND_HELD_RUNS, [worker, page.after, page.limit]);
  return rows.map((row) => row.id);
}
