import type { WorkerId } from '@stagewright/engine';

import type { Database, Statement } from '../../database/database.ts';

/** Index: the primary key. */
const FIND_GONE_WORKERS: Statement = {
  name: 'find-gone-workers',
  text: `select u.id from unnest($1::text[]) as u(id) where not exists (
    select 1 from worker w where w.id = u.id and (w.expires_at is null or w.expires_at > now()))`,
};

/** Those of the workers that have no lease now. */
export async function findGoneWorkers(database: Database, workers: WorkerId[]): Promise<Set<WorkerId>> {
  const rows = await database.query<{ id: WorkerId }>(FIND_GONE_WORKERS, [workers]);
  return new Set(rows.map((row) => row.id));
}
