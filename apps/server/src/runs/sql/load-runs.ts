import { wholeFacts } from '@stagewright/engine';
import type { Instant, RunId, ShortFact, StoredRun } from '@stagewright/engine';

import { instant } from '../../database/database.ts';
import type { Database, Statement } from '../../database/database.ts';
import { column } from './columns.ts';

/** Index: the primary keys of `run` and `journal_entry`. */
const LOAD_RUNS: Statement = {
  name: 'load-runs',
  hot: true,
  text: `select r.id, r.workspace, e.version, ${instant('e.at')} as at, e.facts
    from run r join journal_entry e on e.run_id = r.id where r.id = any(string_to_array($1::text, chr(30))) order by r.id, e.version`,
};

interface Row {
  id: RunId;
  workspace: string;
  version: number;
  at: Instant;
  facts: ShortFact[];
}

/** The whole journals of runs, oldest entry first. A run that is not there is not among them. */
export async function loadRuns(database: Database, ids: RunId[]): Promise<Map<RunId, StoredRun>> {
  const rows = await database.query<Row>(LOAD_RUNS, [column(ids, (id) => id)]);
  const runs = new Map<RunId, StoredRun>();
  for (const { id, workspace, version, at, facts } of rows) {
    const run = runs.get(id) ?? { id, workspace, entries: [] };
    run.entries.push({ version, at, facts: wholeFacts(facts) });
    runs.set(id, run);
  }
  return runs;
}
