import type { Instant, RunId, RunState, RunWait } from '@stagewright/engine';

import { instant } from '../../database/database.ts';
import type { Database, Statement } from '../../database/database.ts';

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
}

const MATCHING = `from run_wait w join run r on r.id = w.run_id
  where w.workspace = $1 and w.kind <> 'timer' and (w.kind = 'review' or r.state not in ('done', 'failed', 'cancelled'))
    and ($2::text is null or w.kind = $2) and ($3::text is null or r.template = $3) and ($4::text is null or r.id = $4)`;

/** Index: `run_wait_inbox`. Who waits longest comes first. */
const LIST_WAITING: Statement = {
  name: 'list-waiting',
  text: `select r.id, r.title, r.template, r.state, w.payload, ${instant('w.since')} as since
    ${MATCHING} order by w.since, w.run_id, w.ordinal offset $5 limit $6`,
};
const COUNT_WAITING: Statement = { name: 'count-waiting', text: `select count(*)::int as total ${MATCHING}` };

interface Row {
  id: RunId;
  title: string;
  template: string;
  state: RunState;
  payload: HumanWait;
  since: Instant;
}

export async function listWaiting(
  database: Database,
  workspace: string,
  filter: InboxFilter,
): Promise<{ items: InboxItem[]; total: number }> {
  const matching = [workspace, filter.kind ?? null, filter.template ?? null, filter.run ?? null];
  const rows = await database.query<Row>(LIST_WAITING, [...matching, filter.skip, filter.limit]);
  const [count] = await database.query<{ total: number }>(COUNT_WAITING, matching);
  const items = rows.map(({ id, title, template, state, payload, since }) => ({
    run: { id, title, template, state },
    since,
    wait: payload,
  }));
  return { items, total: count?.total ?? 0 };
}
