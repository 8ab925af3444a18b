import type { Actor, Digest, Instant, RunId, RunState, Usage } from '@stagewright/engine';

import { instant } from '../../database/database.ts';
import type { Database, Statement } from '../../database/database.ts';

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
}

const MATCHING = `from run where workspace = $1 and ($2::text is null or state = $2) and ($3::text is null or template = $3)`;

/**
 * Newest first. Where a run stands is said by its last entry: one look into the journal for each run of the page.
 *
 * Indexes: `run_workspace_created`, or `run_workspace_state` with a state; the primary key of `journal_entry`.
 */
const LIST_RUNS: Statement = {
  name: 'list-runs',
  text: `select r.id, r.title, r.template, r.revision, r.state, e.progress, e.version, e.spent, r.created_by,
      ${instant('r.created_at')} as created_at, ${instant('r.started_at')} as started_at,
      ${instant('r.ended_at')} as ended_at
    from (select * ${MATCHING} order by created_at desc, id desc offset $4 limit $5) r
      cross join lateral (select version, progress, spent from journal_entry where run_id = r.id order by version desc limit 1) e
    order by r.created_at desc, r.id desc`,
};
const COUNT_RUNS: Statement = { name: 'count-runs', text: `select count(*)::int as total ${MATCHING}` };

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
): Promise<{ items: RunSummary[]; total: number }> {
  const matching = [workspace, filter.state ?? null, filter.template ?? null];
  const rows = await database.query<Row>(LIST_RUNS, [...matching, filter.skip, filter.limit]);
  const [count] = await database.query<{ total: number }>(COUNT_RUNS, matching);
  return { items: rows.map(toSummary), total: count?.total ?? 0 };
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
