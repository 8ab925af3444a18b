import { attemptRecord, attemptsIn, wholeFacts } from '@stagewright/engine';
import type {
  AttemptNote,
  AttemptRecord,
  AttemptStory,
  Instant,
  RunId,
  ShortFact,
  StageId,
  TaskId,
} from '@stagewright/engine';

import { instant } from '../../database/database.ts';
import type { Database, Statement } from '../../database/database.ts';

export interface AttemptFilter {
  skip: number;
  /** 1..100 */
  limit: number;
  stage?: StageId | undefined;
  task?: TaskId | undefined;
}

/** Which attempts there are is told by the facts. Index: the primary keys of `run` and `journal_entry`. */
const READ_FACTS: Statement = {
  name: 'read-facts',
  text: `select e.version, ${instant('e.at')} as at, e.facts
    from run r join journal_entry e on e.run_id = r.id where r.id = $2 and r.workspace = $1 order by e.version`,
};

/** What was sent and came back is read for the attempts of one page. Index: the primary keys of `run` and `journal_entry`. */
const READ_NOTES: Statement = {
  name: 'read-notes',
  text: `select e.version, e.notes from run r join journal_entry e on e.run_id = r.id
    where r.id = $2 and r.workspace = $1 and e.version = any($3::int[]) and e.notes is not null`,
};

interface OfRun {
  workspace: string;
  run: RunId;
}

/** In the order in which they began; those under way too. */
export async function listAttempts(
  database: Database,
  { workspace, run, filter }: OfRun & { filter: AttemptFilter },
): Promise<AttemptRecord[]> {
  const entries = await database.query<{ version: number; at: Instant; facts: ShortFact[] }>(READ_FACTS, [
    workspace,
    run,
  ]);
  const { skip, limit, stage, task } = filter;
  const page = attemptsIn(entries.map((entry) => ({ ...entry, facts: wholeFacts(entry.facts) })))
    .filter(
      (one) => (stage === undefined || one.stage === stage) && (task === undefined || one.task === task),
    )
    .slice(skip, skip + limit);
  const notes = await readNotes(database, { workspace, run }, page);
  return page.map((story) => attemptRecord(story, noteFor(story, notes)));
}

type Notes = Map<number, Array<AttemptNote | null>>;

async function readNotes(
  database: Database,
  { workspace, run }: OfRun,
  page: AttemptStory[],
): Promise<Notes> {
  const versions = new Set(page.flatMap(({ note }) => (note === null ? [] : [note.version])));
  if (versions.size === 0) return new Map();
  const rows = await database.query<{ version: number; notes: Array<AttemptNote | null> }>(READ_NOTES, [
    workspace,
    run,
    [...versions],
  ]);
  return new Map(rows.map((row) => [row.version, row.notes]));
}

function noteFor({ note }: AttemptStory, notes: Notes): AttemptNote | null {
  return note === null ? null : (notes.get(note.version)?.[note.position] ?? null);
}
