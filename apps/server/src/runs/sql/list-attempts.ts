import type { AttemptRecord, RunId, StageId, TaskId } from '@stagewright/engine';

import type { Database, Statement } from '../../database/database.ts';

export interface AttemptFilter {
  skip: number;
  /** 1..100 */
  limit: number;
  stage?: StageId | undefined;
  task?: TaskId | undefined;
}

/** Index: the primary key of `attempt` (prefix run_id). Oldest first. */
const LIST_ATTEMPTS: Statement = {
  name: 'list-attempts',
  text: `select a.record from attempt a join run r on r.id = a.run_id
    where a.run_id = $2 and r.workspace = $1 and ($3::text is null or a.stage = $3) and ($4::text is null or a.task = $4)
    order by a.started_at, a.task, a.attempt offset $5 limit $6`,
};

export async function listAttempts(
  database: Database,
  { workspace, run, filter }: { workspace: string; run: RunId; filter: AttemptFilter },
): Promise<AttemptRecord[]> {
  const values = [workspace, run, filter.stage ?? null, filter.task ?? null, filter.skip, filter.limit];
  const rows = await database.query<{ record: AttemptRecord }>(LIST_ATTEMPTS, values);
  return rows.map((row) => row.record);
}
