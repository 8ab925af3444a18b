import type { RunId } from '@stagewright/engine';

import type { Database, Statement } from '../../database/database.ts';
import { ENTRY_AND_ATTEMPTS, WRITTEN_ROWS } from './written-rows.ts';
import { attemptColumns, entryColumns, waitColumns } from './write-columns.ts';
import type { PendingWrite } from './write-columns.ts';

/**
 * The whole of a state change in one statement. The update of the header is the fence: of two writers with the same
 * version one finds the row as it expects, and the other, having waited for the first, finds no row and writes
 * nothing at all. The primary key of the journal says the same once more.
 *
 * What a run waits for is replaced: new rows carry the new version, so the old ones can go in the same statement.
 * A wait that goes on keeps the time since when.
 *
 * Indexes: the primary keys of `run`, `journal_entry`, `run_wait` (prefix run_id) and `attempt`.
 */
const FENCED_ENTRIES = `with ${WRITTEN_ROWS}, fenced as (
    update run r set version = w.version, template = w.template, revision = w.revision, title = w.title,
      state = w.state, progress = w.progress, input_tokens = w.input_tokens, output_tokens = w.output_tokens,
      usd = w.usd, open = w.open, holder = w.holder, started_at = w.started_at, ended_at = w.ended_at
    from written w
    where r.id = w.run_id and r.version = w.version - 1
    returning r.id as run_id, r.workspace
  ), ${ENTRY_AND_ATTEMPTS}`;

const APPEND_ENTRIES: Statement = {
  name: 'append-entries',
  text: `${FENCED_ENTRIES}, gone as (
    delete from run_wait o using written w, fenced f
    where o.run_id = f.run_id and w.run_id = f.run_id and w.replaces_waits and o.version < w.version
  ), waits as (
    insert into run_wait (run_id, version, ordinal, workspace, kind, stage, task, round, due_at, since, payload)
    select n.run_id, w.version, n.ordinal, f.workspace, n.kind, n.stage, n.task, n.round, n.due_at,
      coalesce((select min(o.since) from run_wait o where o.run_id = n.run_id and o.kind = n.kind
        and o.stage is not distinct from n.stage and o.task is not distinct from n.task
        and o.round is not distinct from n.round), w.at),
      n.payload
    from written_wait n join written w on w.run_id = n.run_id join fenced f on f.run_id = n.run_id
  )
  select run_id from fenced`,
};

/** The same when no run begins or ends to wait for something: most stages. It is planned in half the time. */
const APPEND_ENTRIES_ALONE: Statement = {
  name: 'append-entries-alone',
  text: `${FENCED_ENTRIES} select run_id from fenced`,
};

/** Appends one entry to each of several runs (each run at most once). Gives the runs whose write holds. */
export async function appendEntries(database: Database, pending: PendingWrite[]): Promise<Set<RunId>> {
  const columns = [...entryColumns(pending), ...waitColumns(pending), ...attemptColumns(pending)];
  const waits = pending.some(({ write }) => write.waits !== undefined);
  const statement = waits ? APPEND_ENTRIES : APPEND_ENTRIES_ALONE;
  const rows = await database.query<{ run_id: RunId }>(statement, columns);
  return new Set(rows.map((row) => row.run_id));
}
