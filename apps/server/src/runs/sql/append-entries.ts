import type { RunId } from '@stagewright/engine';

import type { Database, Statement } from '../../database/database.ts';
import { columnsAsTable } from './columns.ts';
import {
  ENTRY_COLUMNS,
  entryColumns,
  HEADER_COLUMNS,
  headerColumns,
  runsWithNewWaits,
  WAIT_COLUMNS,
  waitColumns,
} from './write-columns.ts';
import type { PendingWrite } from './write-columns.ts';

/**
 * The entry is the fence. Of two writers with the same version the second waits for the first, finds the key taken and
 * gets no row back; nobody writes a version whose predecessor is not there. The predecessor is asked for by a scalar
 * subquery, which can only be a look into the index.
 *
 * Index: the primary key of `journal_entry`.
 */
const FENCED_ENTRIES = `insert into journal_entry (run_id, version, at, facts, notes, state, progress, spent)
    select w.run_id, w.version::int, w.at::timestamptz, w.facts::json, w.notes::json, w.state, w.progress::float8, w.spent::json
    from ${columnsAsTable('w', 1, ENTRY_COLUMNS)}
    where (select p.version from journal_entry p where p.run_id = w.run_id and p.version = w.version::int - 1) is not null
    on conflict (run_id, version) do nothing
    returning run_id, version, at`;

/** Most stages: nothing changes of what lists show, and no run begins or ends to wait for something. */
const APPEND_ENTRIES_ALONE: Statement = { name: 'append-entries-alone', text: FENCED_ENTRIES, hot: true };

/**
 * Entries with what comes with some of them. Everything else is joined with `fenced`: whose entry did not hold writes
 * nothing at all.
 *
 * The header is an upsert of a row that is there, and each table is entered by a key from within a subquery: so that
 * rows are found by their primary keys, whatever was known of the size of the tables when the plan was made.
 *
 * What a run waits for is replaced as a whole; a wait that goes on keeps the time since when. Both read the waits as
 * they were before this statement.
 *
 * Indexes: the primary keys of `journal_entry`, `run` and `run_wait` (prefix run_id).
 */
const APPEND_ENTRIES: Statement = {
  name: 'append-entries',
  hot: true,
  text: `with fenced as (${FENCED_ENTRIES}), headers as (
    insert into run (id, workspace, created_by, created_at, template, revision, title, state, open, holder, started_at, ended_at)
    select r.id, r.workspace, r.created_by, r.created_at, h.template, h.revision, coalesce(h.title, ''), h.state, h.open::bool, h.holder,
      h.started_at::timestamptz, h.ended_at::timestamptz
    from ${columnsAsTable('h', 9, HEADER_COLUMNS)} join fenced f on f.run_id = h.run_id
      cross join lateral (select * from run where id = h.run_id offset 0) r
    on conflict (id) do update set template = excluded.template, revision = excluded.revision, title = excluded.title,
      state = excluded.state, open = excluded.open, holder = excluded.holder, started_at = excluded.started_at, ended_at = excluded.ended_at
  ), gone as (
    delete from run_wait where run_id = any(array(
      select f.run_id from fenced f join ${columnsAsTable('g', 18, ['run_id'])} on g.run_id = f.run_id))
  ), waits as (
    insert into run_wait (run_id, version, ordinal, workspace, template, kind, stage, task, round, due_at, since, payload)
    select f.run_id, f.version, n.ordinal::int, r.workspace, r.template, n.kind, n.stage,
      n.task, n.round::int, n.due_at::timestamptz,
      coalesce((select min(o.since) from run_wait o where o.run_id = n.run_id and o.kind = n.kind
        and o.stage is not distinct from n.stage and o.task is not distinct from n.task
        and o.round is not distinct from n.round::int), f.at),
      n.payload::json
    from ${columnsAsTable('n', 19, WAIT_COLUMNS)} join fenced f on f.run_id = n.run_id
      cross join lateral (select workspace, template from run where id = n.run_id offset 0) r
  )
  select run_id from fenced`,
};

/** Appends one entry to each of several runs (each run at most once). Gives the runs whose write holds. */
export async function appendEntries(database: Database, pending: PendingWrite[]): Promise<Set<RunId>> {
  const alone = pending.every(({ write }) => write.header === undefined && write.waits === undefined);
  const entries = entryColumns(pending);
  const rows = alone
    ? await database.query<{ run_id: RunId }>(APPEND_ENTRIES_ALONE, entries)
    : await database.query<{ run_id: RunId }>(APPEND_ENTRIES, [
        ...entries,
        ...headerColumns(pending),
        runsWithNewWaits(pending),
        ...waitColumns(pending),
      ]);
  return new Set(rows.map((row) => row.run_id));
}
