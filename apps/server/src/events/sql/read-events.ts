import { wholeFacts } from '@stagewright/engine';
import type { Instant, RunFact, RunId, RunState, ShortFact } from '@stagewright/engine';

import { instant } from '../../database/database.ts';
import type { Database, Statement } from '../../database/database.ts';

/** A journal entry as live events need it. */
export interface EventEntry {
  version: number;
  at: Instant;
  facts: RunFact[];
  state: RunState;
  progress: number;
}

export interface EventPage {
  /** Entries from `from` on, oldest first, at most `limit`. */
  entries: EventEntry[];
  /** Of the run now. */
  version: number;
  /** The run has ended and nothing more can come by itself. */
  ended: boolean;
}

/**
 * Indexes: the primary keys. Where the run stands comes from the same snapshot as the entries: "ended, and this was
 * all" cannot be said too early.
 */
const READ_EVENTS: Statement = {
  name: 'read-events',
  text: `select (select max(version) from journal_entry where run_id = r.id) as run_version,
      r.state in ('done', 'failed', 'cancelled') and not r.open
        and not exists (select 1 from run_wait w where w.run_id = r.id and w.kind = 'timer') as ended,
      e.version, ${instant('e.at')} as at, e.facts, e.state, e.progress
    from run r left join lateral (
      select version, at, facts, state, progress from journal_entry where run_id = r.id and version >= $3 order by version limit $4
    ) e on true
    where r.id = $2 and r.workspace = $1 order by e.version`,
};

interface Row extends Omit<EventEntry, 'version' | 'facts'> {
  run_version: number;
  ended: boolean;
  version: number | null;
  facts: ShortFact[];
}

/** Undefined when there is no such run in the workspace. */
export async function readEvents(
  database: Database,
  { workspace, run, from, limit }: { workspace: string; run: RunId; from: number; limit: number },
): Promise<EventPage | undefined> {
  const rows = await database.query<Row>(READ_EVENTS, [workspace, run, from, limit]);
  const [first] = rows;
  if (first === undefined) return undefined;
  const entries = rows.flatMap(({ version, at, facts, state, progress }) =>
    version === null ? [] : [{ version, at, facts: wholeFacts(facts), state, progress }],
  );
  return { entries, version: first.run_version, ended: first.ended };
}
