import { wholeFacts } from '@stagewright/engine';
import type { AttemptNote, RunState, ShortFact } from '@stagewright/engine';

import { withConnection } from '../services/postgres.ts';
import type { SqlConnection } from '../services/postgres.ts';
import type { Lease, RunHistory } from './evidence.ts';

/** What the database holds of a storm, read by hand and past the product. */
export interface StoredHistory {
  runs: RunHistory[];
  leases: Lease[];
  /** Every document as text, for looking for secrets. */
  texts: Array<{ from: string; text: string }>;
}

export function readHistory(url: string): Promise<StoredHistory> {
  return withConnection(url, async (one) => ({
    runs: await readRuns(one),
    leases: await readLeases(one),
    texts: await readTexts(one),
  }));
}

interface RunRow {
  id: string;
  workspace: string;
  template: string;
  state: RunState;
  open: boolean;
}

interface StoredEntry {
  version: number;
  facts: ShortFact[];
  state: RunState;
  notes: Array<AttemptNote | null> | null;
}

async function readRuns(one: SqlConnection): Promise<RunHistory[]> {
  const runs = (await one.query('select id, workspace, template, state, open from run order by id'))
    .rows as RunRow[];
  const entries = await grouped<StoredEntry>(
    one,
    'select run_id, version, facts, state, notes from journal_entry order by run_id, version',
  );
  const timers = await grouped<{ seconds: number }>(
    one,
    `select w.run_id, extract(epoch from now() - w.due_at)::float8 as seconds
      from run_wait w join run r on r.id = w.run_id
      where w.due_at is not null and r.state not in ('failed', 'cancelled', 'paused')`,
  );
  return runs.map((run) => ({
    ...run,
    entries: (entries.get(run.id) ?? []).map(({ version, facts, state, notes }) => ({
      ...{ version, state },
      facts: wholeFacts(facts),
      notes: notes ?? [],
    })),
    timers: (timers.get(run.id) ?? []).map(({ seconds }) => seconds),
  }));
}

async function grouped<Row>(one: SqlConnection, sql: string): Promise<Map<string, Row[]>> {
  const groups = new Map<string, Row[]>();
  for (const row of (await one.query(sql)).rows as Array<Row & { run_id: string }>) {
    const group = groups.get(row.run_id) ?? [];
    group.push(row);
    groups.set(row.run_id, group);
  }
  return groups;
}

/** Who answers for the open work of each run, and since when nobody does, by the clock of the database. */
async function readLeases(one: SqlConnection): Promise<Lease[]> {
  const { rows } = await one.query(`select r.id as run, coalesce(r.holder, 'nobody') as holder,
      extract(epoch from now() - w.expires_at)::float8 as "lapsedFor"
    from run r left join worker w on w.id = r.holder where r.open`);
  // Work that no worker ever took has no lease to lapse: it counts as lapsed for ever.
  return (rows as Array<Lease & { lapsedFor: number | null }>).map((lease) => ({
    ...lease,
    lapsedFor: lease.lapsedFor ?? Number.POSITIVE_INFINITY,
  }));
}

async function readTexts(one: SqlConnection): Promise<StoredHistory['texts']> {
  const columns: Array<[table: string, column: string]> = [
    ['journal_entry', 'facts'],
    ['journal_entry', 'notes'],
    ['run_wait', 'payload'],
    ['idempotency_key', 'answer'],
  ];
  const texts: StoredHistory['texts'] = [];
  for (const [table, column] of columns) {
    const { rows } = await one.query(`select string_agg(${column}::text, E'\\n') as text from ${table}`);
    texts.push({
      from: `${column} of table ${table}`,
      text: (rows[0] as { text: string | null }).text ?? '',
    });
  }
  return texts;
}
