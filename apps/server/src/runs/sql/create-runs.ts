import type { RunId } from '@stagewright/engine';

import type { Database, Statement } from '../../database/database.ts';
import { ENTRY_AND_ATTEMPTS, WRITTEN_ROWS } from './written-rows.ts';
import { attemptColumns, entryColumns, waitColumns } from './write-columns.ts';
import type { PendingWrite } from './write-columns.ts';

/** The first write of a run, and whose it is. */
export interface PendingCreation extends PendingWrite {
  workspace: string;
}

/** Index: the primary key of `run`; the run that is there already wins. */
const CREATE_RUNS: Statement = {
  name: 'create-runs',
  text: `with ${WRITTEN_ROWS}, owned as (
    select * from unnest($1::text[], $34::text[], $35::text[]) as o(run_id, workspace, created_by)
  ), fenced as (
    insert into run (id, workspace, version, template, revision, title, state, progress, input_tokens, output_tokens,
      usd, open, holder, created_by, created_at, started_at, ended_at)
    select w.run_id, o.workspace, w.version, w.template, w.revision, w.title, w.state, w.progress, w.input_tokens,
      w.output_tokens, w.usd, w.open, w.holder, o.created_by::json, w.at, w.started_at, w.ended_at
    from written w join owned o on o.run_id = w.run_id
    on conflict (id) do nothing
    returning id as run_id, workspace
  ), ${ENTRY_AND_ATTEMPTS}, waits as (
    insert into run_wait (run_id, version, ordinal, workspace, kind, stage, task, round, due_at, since, payload)
    select n.run_id, w.version, n.ordinal, f.workspace, n.kind, n.stage, n.task, n.round, n.due_at, w.at, n.payload
    from written_wait n join written w on w.run_id = n.run_id join fenced f on f.run_id = n.run_id
  )
  select run_id from fenced`,
};

/** Writes the first entry of each of several runs, in one statement. Gives the runs that were not there before. */
export async function createRuns(database: Database, pending: PendingCreation[]): Promise<Set<RunId>> {
  const rows = await database.query<{ run_id: RunId }>(CREATE_RUNS, [
    ...entryColumns(pending),
    ...waitColumns(pending),
    ...attemptColumns(pending),
    pending.map(({ workspace }) => workspace),
    pending.map((one) => JSON.stringify(createdBy(one))),
  ]);
  return new Set(rows.map((row) => row.run_id));
}

function createdBy({ write }: PendingWrite): unknown {
  const created = write.entry.facts.find((fact) => fact.type === 'run.created');
  return created?.actor ?? { kind: 'system', id: 'unknown' };
}
