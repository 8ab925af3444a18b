import type { RunId } from '@stagewright/engine';

import type { Database, Statement } from '../../database/database.ts';

/** Index: `run_open`, which holds only runs with work. */
const FIND_OPEN_RUNS: Statement = {
  name: 'find-open-runs',
  text: 'select id from run where open and id > $1 order by id limit $2',
};

export async function findOpenRuns(database: Database, limit: number, after: RunId): Promise<RunId[]> {
  const rows = await database.query<{ id: RunId }>(FIND_OPEN_RUNS, [after, limit]);
  return rows.map((row) => row.id);
}
