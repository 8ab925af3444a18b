import type { Actor, Digest, Instant, RunId, RunState, Usage } from '@stagewright/engine';

import { instant } from '../../database/database.ts';
import type { Database, SentStatement, Statement } from '../../database/database.ts';
import { Parameters, statementName } from '../../database/parameters.ts';
import { COUNTED_AT_MOST, pageOf } from '../dto/list-cursor.ts';
import type { ListPlace } from '../dto/list-cursor.ts';
import { RUN_STATES } from '../dto/run-requests.dto.ts';

/** A run as lists show it. */
export interface RunSummary {
  id: RunId;
  title: string;
  template: string;
  /** Content digest of the revision. */
  revision: Digest;
  state: RunState;
  /** 0..100 */
  progress: number;
  version: number;
  spent: Usage;
  createdBy: Actor;
  createdAt: Instant;
  startedAt: Instant | null;
  endedAt: Instant | null;
}

export interface RunFilter {
  skip: number;
  /** 1..100 */
  limit: number;
  state?: RunState | undefined;
  template?: string | undefined;
  /** Only what comes after it. */
  after?: Pick<ListPlace, 'at' | 'run'> | undefined;
}

const NEWEST_FIRST = 'order by created_at desc, id desc';

/**
 * Newest first. Where a run stands is said by its last entry: one look into the journal for each run of the page.
 *
 * Of a state come so many as the page may need of it, and all that share the millisecond of the last one: in this order
 * the index gives them, and which of them come first is told outside.
 *
 * Indexes: `run_workspace_created`; with a state `run_workspace_state`; with a template `run_workspace_template`, entered
 * for each state, of which the newest rows are merged. The primary keys of `run` and `journal_entry`.
 */
function listStatement(workspace: string, filter: RunFilter): SentStatement {
  const { state, template, after, skip, limit } = filter;
  const parameters = new Parameters();
  const place = (value: unknown): string => parameters.place(value);
  const matching = [
    `workspace = ${place(workspace)}`,
    ...(template === undefined ? [] : [`template = ${place(template)}`]),
    ...(after === undefined
      ? []
      : [`(created_at, id) < (${place(after.at)}::timestamptz, ${place(after.run)})`]),
  ].join(' and ');
  const page = `${NEWEST_FIRST} offset ${place(skip)}::int limit ${place(limit)}::int`;
  const states = state === undefined ? RUN_STATES : [state];
  const found =
    state === undefined && template === undefined
      ? `select id, created_at from run where ${matching} ${page}`
      : `select id, created_at from unnest(${place(states)}::text[]) s(state) cross join lateral (
          select id, created_at from run where ${matching} and state = s.state
            order by created_at desc fetch first (${place(skip + limit)}::int) rows with ties
        ) of_state ${page}`;
  const text = `select r.id, r.title, r.template, r.revision, r.state, e.progress, e.version, e.spent, r.created_by,
      ${instant('r.created_at')} as created_at, ${instant('r.started_at')} as started_at,
      ${instant('r.ended_at')} as ended_at
    from (${found}) f
      cross join lateral (select * from run where id = f.id offset 0) r
      cross join lateral (select version, progress, spent from journal_entry where run_id = f.id order by version desc limit 1) e
    order by r.created_at desc, r.id desc`;
  return {
    statement: { name: statementName('list-runs', { state, template, after }), text },
    values: parameters.values,
  };
}

/**
 * By state and in the order of its index, so that the scan stops with the last row that is counted, wherever in the table
 * that is. Indexes: `run_workspace_state`, or `run_workspace_template` with a template.
 */
function countStatement(workspace: string, { state, template }: RunFilter): SentStatement {
  const parameters = new Parameters();
  const place = (value: unknown): string => parameters.place(value);
  const matching = [
    `workspace = ${place(workspace)}`,
    ...(template === undefined ? [] : [`template = ${place(template)}`]),
  ].join(' and ');
  const text = `select least(${COUNTED_AT_MOST}, sum(n))::int as total
    from unnest(${place(state === undefined ? RUN_STATES : [state])}::text[]) s(state) cross join lateral (
      select count(*) as n from (
        select 1 from run where ${matching} and state = s.state order by created_at desc limit ${COUNTED_AT_MOST}) counted
    ) of_state`;
  return { statement: { name: statementName('count-runs', { template }), text }, values: parameters.values };
}

/** Index: the primary key. */
const FIND_RUN_WORKSPACE: Statement = {
  name: 'find-run-workspace',
  text: 'select 1 from run where id = $2 and workspace = $1',
};

interface Row {
  id: RunId;
  title: string;
  template: string;
  revision: Digest;
  state: RunState;
  progress: number;
  version: number;
  /** Null: nothing. */
  spent: Usage | null;
  created_by: Actor;
  created_at: Instant;
  started_at: Instant | null;
  ended_at: Instant | null;
}

export async function listRuns(
  database: Database,
  workspace: string,
  filter: RunFilter,
): Promise<{ items: RunSummary[]; next: string | null; total: number }> {
  const list = listStatement(workspace, { ...filter, limit: filter.limit + 1 });
  const count = countStatement(workspace, filter);
  const [rows, [counted]] = await Promise.all([
    database.query<Row>(list.statement, list.values),
    database.query<{ total: number }>(count.statement, count.values),
  ]);
  const place = ({ createdAt, id }: RunSummary): ListPlace => ({ at: createdAt, run: id, ordinal: 0 });
  return { ...pageOf(rows.map(toSummary), filter.limit, place), total: counted?.total ?? 0 };
}

export async function runExists(database: Database, workspace: string, id: RunId): Promise<boolean> {
  return (await database.query(FIND_RUN_WORKSPACE, [workspace, id])).length === 1;
}

function toSummary(row: Row): RunSummary {
  return {
    id: row.id,
    title: row.title,
    template: row.template,
    revision: row.revision,
    state: row.state,
    progress: row.progress,
    version: row.version,
    spent: row.spent ?? { inputTokens: 0, outputTokens: 0, usd: 0 },
    createdBy: row.created_by,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}
