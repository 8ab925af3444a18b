import type { RunId, TaskId } from '@stagewright/engine';

import type { Database, Statement } from '../../database/database.ts';

/** Which service and model answered a try. */
export interface Answerer {
  task: TaskId;
  attempt: number;
  provider: string;
  model: string;
}

/** Index: the primary key of `attempt` (prefix run_id). Takes two fields of the records, which are large. */
const LIST_ANSWERERS: Statement = {
  name: 'list-answerers',
  text: `select a.task, a.attempt, a.record->>'provider' as provider, a.record->>'model' as model
    from attempt a join run r on r.id = a.run_id
    where a.run_id = $2 and r.workspace = $1 and a.record->>'provider' is not null and a.record->>'model' is not null
    order by a.task, a.attempt`,
};

export function listAnswerers(database: Database, workspace: string, run: RunId): Promise<Answerer[]> {
  return database.query<Answerer>(LIST_ANSWERERS, [workspace, run]);
}
