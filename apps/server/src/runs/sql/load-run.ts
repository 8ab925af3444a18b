import type { JournalEntry, RunId, StoredRun } from '@stagewright/engine';

import { instant } from '../../database/database.ts';
import type { Database, Statement } from '../../database/database.ts';

/** Index: the primary keys of `run` and `journal_entry`. */
const LOAD_RUN: Statement = {
  name: 'load-run',
  text: `select r.workspace, e.version, ${instant('e.at')} as at, e.facts
    from run r join journal_entry e on e.run_id = r.id where r.id = $1 order by e.version`,
};

type Row = JournalEntry & { workspace: string };

/** The whole journal of a run, oldest first. */
export async function loadRun(database: Database, id: RunId): Promise<StoredRun | undefined> {
  const rows = await database.query<Row>(LOAD_RUN, [id]);
  const [first] = rows;
  if (first === undefined) return undefined;
  return {
    id,
    workspace: first.workspace,
    entries: rows.map(({ version, at, facts }) => ({ version, at, facts })),
  };
}
