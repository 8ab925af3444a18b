import type { RunId } from '@stagewright/engine';

import type { Database, Statement } from '../../database/database.ts';

/** Index: the primary key of `journal_entry`. */
const FIND_MOVED_RUNS: Statement = {
  name: 'find-moved-runs',
  text: `select u.id from unnest($1::text[], $2::int[]) as u(id, version)
    where exists (select 1 from journal_entry e where e.run_id = u.id and e.version > u.version)`,
};

/** Those of the runs that have an entry after the version named. */
export async function findMovedRuns(
  database: Database,
  runs: Array<{ id: RunId; version: number }>,
): Promise<RunId[]> {
  const columns = [runs.map(({ id }) => id), runs.map(({ version }) => version)];
  const rows = await database.query<{ id: RunId }>(FIND_MOVED_RUNS, columns);
  return rows.map((row) => row.id);
}
