import type { Database, Statement } from '../../database/database.ts';
import { ENTRY_AND_ATTEMPTS, WRITTEN_ROWS } from './written-rows.ts';
import { attemptColumns, entryColumns, waitColumns } from './write-columns.ts';
import type { PendingWrite } from './write-columns.ts';

/** Index: the primary key of `run`; the run that is there already wins. */
const CREATE_RUNS: Statement = {
  name: 'create-runs',
  text: `with ${WRITTEN_ROWS}, fenced as (
    insert into run (id, workspace, version, template, revision, title, state, progress, input_tokens, output_tokens,
      usd, open, created_by, created_at, started_at, ended_at)
    select w.run_id, $33, w.version, w.template, w.revision, w.title, w.state, w.progress, w.input_tokens,
      w.output_tokens, w.usd, w.open, $34::json, w.at, w.started_at, w.ended_at
    from written w
    on conflict (id) do nothing
    returning id as run_id, workspace
  ), ${ENTRY_AND_ATTEMPTS}, waits as (
    insert into run_wait (run_id, version, ordinal, workspace, kind, stage, task, round, due_at, since, payload)
    select n.run_id, w.version, n.ordinal, f.workspace, n.kind, n.stage, n.task, n.round, n.due_at, w.at, n.payload::json
    from written_wait n join written w on w.run_id = n.run_id join fenced f on f.run_id = n.run_id
  )
  select run_id from fenced`,
};

/** Writes the first entry of a run, in one statement. False when a run with this id is there already. */
export async function createRun(
  database: Database,
  workspace: string,
  pending: PendingWrite,
): Promise<boolean> {
  const columns = [...entryColumns([pending]), ...waitColumns([pending]), ...attemptColumns([pending])];
  const rows = await database.query<{ run_id: string }>(CREATE_RUNS, [
    ...columns,
    workspace,
    JSON.stringify(createdBy(pending)),
  ]);
  return rows.length === 1;
}

function createdBy({ write }: PendingWrite): unknown {
  const created = write.entry.facts.find((fact) => fact.type === 'run.created');
  return created?.actor ?? { kind: 'system', id: 'unknown' };
}
