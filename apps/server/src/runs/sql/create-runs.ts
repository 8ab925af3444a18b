import type { RunCreation, RunId } from '@stagewright/engine';

import type { Database, Statement } from '../../database/database.ts';
import { column, columnsAsTable } from './columns.ts';
import {
  ENTRY_COLUMNS,
  entryColumns,
  HEADER_COLUMNS,
  headerColumns,
  pendingWrite,
  WAIT_COLUMNS,
  waitColumns,
} from './write-columns.ts';
import type { PendingWrite } from './write-columns.ts';

/** The first write of a run, and whose it is. */
export interface PendingCreation extends PendingWrite {
  workspace: string;
  createdBy: string;
}

/** Index: the primary key of `run`; the run that is there already wins. */
const CREATE_RUNS: Statement = {
  name: 'create-runs',
  hot: true,
  text: `with written as materialized (select * from ${columnsAsTable('w', 1, ENTRY_COLUMNS)}), fenced as (
    insert into run (id, workspace, created_by, created_at, template, revision, title, state, open, holder, started_at, ended_at)
    select h.run_id, h.workspace, h.created_by::json, w.at::timestamptz, h.template, h.revision, coalesce(h.title, ''), h.state,
      h.open::bool, h.holder, h.started_at::timestamptz, h.ended_at::timestamptz
    from ${columnsAsTable('h', 9, [...HEADER_COLUMNS, 'workspace', 'created_by'])} join written w on w.run_id = h.run_id
    on conflict (id) do nothing
    returning id as run_id, workspace, template, created_at
  ), entry as (
    insert into journal_entry (run_id, version, at, facts, notes, state, progress, spent)
    select w.run_id, w.version::int, w.at::timestamptz, w.facts::json, w.notes::json, w.state, w.progress::float8, w.spent::json
    from written w join fenced f on f.run_id = w.run_id
  ), waits as (
    insert into run_wait (run_id, version, ordinal, workspace, template, kind, stage, task, round, due_at, since, payload)
    select f.run_id, 1, n.ordinal::int, f.workspace, f.template, n.kind, n.stage, n.task, n.round::int, n.due_at::timestamptz,
      f.created_at, n.payload::json
    from ${columnsAsTable('n', 20, WAIT_COLUMNS)} join fenced f on f.run_id = n.run_id
  )
  select run_id from fenced`,
};

export function pendingCreation(workspace: string, id: RunId, write: RunCreation): PendingCreation {
  const created = write.entry.facts.find((fact) => fact.type === 'run.created');
  const actor = created?.actor ?? { kind: 'system', id: 'unknown' };
  return { ...pendingWrite(id, write), workspace, createdBy: JSON.stringify(actor) };
}

/** Writes the first entry of each of several runs, in one statement. Gives the runs that were not there before. */
export async function createRuns(database: Database, pending: PendingCreation[]): Promise<Set<RunId>> {
  const rows = await database.query<{ run_id: RunId }>(CREATE_RUNS, [
    ...entryColumns(pending),
    ...headerColumns(pending),
    column(pending, ({ workspace }) => workspace),
    column(pending, ({ createdBy }) => createdBy),
    ...waitColumns(pending),
  ]);
  return new Set(rows.map((row) => row.run_id));
}
