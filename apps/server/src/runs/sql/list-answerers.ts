import { attemptsIn } from '@stagewright/engine';
import type { JournalEntry, RunId, TaskId } from '@stagewright/engine';

import type { Database, Statement } from '../../database/database.ts';

/** Which service and model answered a try. */
export interface Answerer {
  task: TaskId;
  attempt: number;
  provider: string;
  model: string;
}

/** Of the notes, which are large, the two fields that say who answered. Index: the primary keys of `run` and `journal_entry`. */
const LIST_ANSWERERS: Statement = {
  name: 'list-answerers',
  text: `select e.version, (
      select json_agg(json_build_array(n.value->>'provider', n.value->>'model') order by n.ordinality)
      from json_array_elements(e.notes) with ordinality n
    ) as answered
    from run r join journal_entry e on e.run_id = r.id
    where r.id = $2 and r.workspace = $1 and e.notes is not null`,
};

interface Row {
  version: number;
  /** One for each note of the entry. */
  answered: Array<[string | null, string | null]>;
}

/** Who answered the tries that the journal of the run, `entries`, tells of. */
export async function listAnswerers(
  database: Database,
  { workspace, run, entries }: { workspace: string; run: RunId; entries: JournalEntry[] },
): Promise<Answerer[]> {
  const rows = await database.query<Row>(LIST_ANSWERERS, [workspace, run]);
  const answered = new Map(rows.map((row) => [row.version, row.answered]));
  return attemptsIn(entries).flatMap(({ task, attempt, note }) => {
    const [provider = null, model = null] = (note && answered.get(note.version)?.[note.position]) ?? [];
    return provider === null || model === null ? [] : [{ task, attempt, provider, model }];
  });
}
