import type { Instant, RunId, RunState, RunWait } from '@stagewright/engine';

import { instant } from '../../database/database.ts';
import type { Database, SentStatement } from '../../database/database.ts';
import { Parameters, statementName } from '../../database/parameters.ts';
import { COUNTED_AT_MOST, pageOf } from '../../runs/dto/list-cursor.ts';
import type { ListPlace } from '../../runs/dto/list-cursor.ts';

/** What people are asked for. Timers are nobody's task. */
export type HumanWait = Exclude<RunWait, { kind: 'timer' }>;

/** One thing that a run waits for a person to do. */
export interface InboxItem {
  run: { id: RunId; title: string; template: string; state: RunState };
  /** Since when. */
  since: Instant;
  wait: HumanWait;
}

export interface InboxFilter {
  skip: number;
  /** 1..100 */
  limit: number;
  kind?: HumanWait['kind'] | undefined;
  template?: string | undefined;
  run?: RunId | undefined;
  /** Only what comes after it. */
  after?: ListPlace | undefined;
}

const KINDS: Array<HumanWait['kind']> = ['approval', 'input', 'review', 'advance', 'budget'];
const LONGEST_FIRST = 'order by since, run_id, ordinal';

/**
 * Who waits longest comes first. What a run that has ended waits for goes with the entry that ends it, but for what is in
 * doubt outside; so nobody has to ask for its state.
 *
 * Indexes: `run_wait_inbox`, or `run_wait_template` with a template, entered for each kind, of which the oldest rows are
 * merged; the primary key of `run_wait` with a run; the primary key of `run`.
 */
function listStatement(workspace: string, filter: InboxFilter): SentStatement {
  const { kind, template, run, after, skip, limit } = filter;
  const parameters = new Parameters();
  const place = (value: unknown): string => parameters.place(value);
  const matching = [
    conditions(parameters, workspace, filter),
    ...(after === undefined
      ? []
      : [
          `(since, run_id, ordinal) > (${place(after.at)}::timestamptz, ${place(after.run)}, ${place(after.ordinal)}::int)`,
        ]),
  ].join(' and ');
  const text = `select r.id, r.title, r.template, r.state, f.payload, f.ordinal, ${instant('f.since')} as since
    from (
      select run_id, ordinal, since, payload from unnest(${place(kindsOf(kind))}::text[]) k(kind)
        cross join lateral (
          select run_id, ordinal, since, payload from run_wait where ${matching} and kind = k.kind
          order by since fetch first (${place(skip + limit)}::int) rows with ties
        ) of_kind ${LONGEST_FIRST} offset ${place(skip)}::int limit ${place(limit)}::int
    ) f cross join lateral (select id, title, template, state from run where id = f.run_id offset 0) r
    order by f.since, f.run_id, f.ordinal`;
  return {
    statement: { name: statementName('list-waiting', { template, run, after }), text },
    values: parameters.values,
  };
}

/** By kind and in the order of an index, so that the scan stops with the last row that is counted. Indexes: as for the list. */
function countStatement(workspace: string, filter: InboxFilter): SentStatement {
  const { kind, template, run } = filter;
  const parameters = new Parameters();
  const matching = conditions(parameters, workspace, filter);
  const text = `select least(${COUNTED_AT_MOST}, sum(n))::int as total
    from unnest(${parameters.place(kindsOf(kind))}::text[]) k(kind) cross join lateral (
      select count(*) as n from (
        select 1 from run_wait where ${matching} and kind = k.kind order by since limit ${COUNTED_AT_MOST}) counted
    ) of_kind`;
  return {
    statement: { name: statementName('count-waiting', { template, run }), text },
    values: parameters.values,
  };
}

function kindsOf(kind: HumanWait['kind'] | undefined): Array<HumanWait['kind']> {
  return kind === undefined ? KINDS : [kind];
}

function conditions(parameters: Parameters, workspace: string, { template, run }: InboxFilter): string {
  const own = parameters.place(workspace);
  const id = run === undefined ? null : parameters.place(run);
  return [
    `kind <> 'timer'`,
    // Of one run, found by its key alone: it is for the run to say whose it is.
    id === null
      ? `workspace = ${own}`
      : `run_id = ${id} and exists (select 1 from run where id = ${id} and workspace = ${own})`,
    ...(template === undefined ? [] : [`template = ${parameters.place(template)}`]),
  ].join(' and ');
}

interface Row {
  id: RunId;
  title: string;
  template: string;
  state: RunState;
  payload: HumanWait;
  ordinal: number;
  since: Instant;
}

export async function listWaiting(
  database: Database,
  workspace: string,
  filter: InboxFilter,
): Promise<{ items: InboxItem[]; next: string | null; total: number }> {
  const list = listStatement(workspace, { ...filter, limit: filter.limit + 1 });
  const count = countStatement(workspace, filter);
  const [rows, [counted]] = await Promise.all([
    database.query<Row>(list.statement, list.values),
    database.query<{ total: number }>(count.statement, count.values),
  ]);
  const { items, next } = pageOf(rows, filter.limit, ({ since, id, ordinal }) => ({
    at: since,
    run: id,
    ordinal,
  }));
  return { items: items.map(toItem), next, total: counted?.total ?? 0 };
}

function toItem({ id, title, template, state, payload, since }: Row): InboxItem {
  return { run: { id, title, template, state }, since, wait: payload };
}
