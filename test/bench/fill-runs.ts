import type { RunId, RunState } from '@stagewright/engine';

import type { ListPlace } from '../../apps/server/dist/runs/dto/list-cursor.js';
import { Driver } from './drive.ts';
import type { Stand } from './stand.ts';

/** Of a thousand runs, as they are after some months: most are done, some failed, few wait or are under way. */
const MIX: Array<{ template: string; ends: RunState; of1000: number }> = [
  { template: 'p10k', ends: 'done', of1000: 700 },
  { template: 'w5', ends: 'done', of1000: 200 },
  { template: 'failing', ends: 'failed', of1000: 60 },
  { template: 'p10k', ends: 'approval_pending', of1000: 20 },
  { template: 'form', ends: 'input_pending', of1000: 10 },
  { template: 'p10k', ends: 'running', of1000: 10 },
];
const AT_ONCE = 50_000;
/** A living worker that has what is under way, so that nobody here takes it up. */
const ELSEWHERE = 'elsewhere';

interface Filled {
  /** Runs that wait for somebody. */
  waiting: number;
  /** The run in the middle of the list. */
  middle: ListPlace;
}

/**
 * Fills the product's own tables with so many runs: copies of runs that the engine has carried out, with their journals
 * and waits, under ids and at times of their own. Over half a year, in no order of template or state.
 */
export async function fillRuns(stand: Stand, count: number): Promise<Filled> {
  const ask = <Row>(text: string, values: unknown[] = []) =>
    stand.database.query<Row>({ name: '', text }, values);
  await ask(`insert into worker (id, host, pid, started_at, expires_at)
    values ('${ELSEWHERE}', 'elsewhere', 1, now(), now() + interval '1 day')`);
  await ask(
    `create table bench_copy (n int, id text collate "C", model text collate "C", created_at timestamptz(3))`,
  );
  const models = await makeModels(stand);
  for (let from = 0; from < count; from += AT_ONCE) {
    await ask('truncate bench_copy');
    const to = Math.min(count, from + AT_ONCE);
    let share = 0;
    for (const [index, { of1000 }] of MIX.entries()) {
      // Times 379, which shares no factor with 1,000: neighbours in time are of different kinds.
      await ask(COPY, [from, to - 1, count, models[index], share, share + of1000]);
      share += of1000;
    }
    for (const text of INTO_TABLES) await ask(text, [ELSEWHERE]);
  }
  // PostgreSQL does that by itself after a while; the embedded database never does.
  if (stand.databaseUrl !== null) await ask('vacuum (analyze) run, journal_entry, run_wait');
  const [middle] = await ask<{ run: RunId; at: string }>(MIDDLE, [Math.floor(count / 2)]);
  await ask('drop table bench_copy');
  const waiting = MIX.filter(({ ends }) => ends.endsWith('_pending')).reduce(
    (sum, { of1000 }) => sum + of1000,
    0,
  );
  return { waiting: (waiting * count) / 1_000, middle: { ...middle!, ordinal: 0 } };
}

/** Ids as the product makes them: the time first. Numbers $1 to $2 of $3 in all, over half a year that ends now. */
const COPY = `insert into bench_copy (n, id, model, created_at)
  select n, overlay(overlay(substr(hex, 1, 12) || '7' || substr(md5(n::text), 1, 19) placing '-' from 9 for 0) placing '-' from 14 for 0),
    $4, created_at
  from (
    select n, created_at, lpad(to_hex((extract(epoch from created_at) * 1000)::bigint), 12, '0') as hex
    from (
      select n, now() - interval '180 days' * (1 - n / $3::float8) as created_at from generate_series($1::int, $2::int) n
      where (n * 379::bigint) % 1000 >= $5::int and (n * 379::bigint) % 1000 < $6::int
    ) timed
  ) numbered`;

const INTO_TABLES = [
  `insert into run (id, workspace, template, revision, title, state, open, holder, created_by, created_at, started_at, ended_at)
    select c.id, m.workspace, m.template, m.revision, m.title || ' ' || c.n, m.state, m.open, case when m.open then $1 end,
      m.created_by, c.created_at, c.created_at + (m.started_at - m.created_at), c.created_at + (m.ended_at - m.created_at)
    from bench_copy c join run m on m.id = c.model`,
  `insert into journal_entry (run_id, version, at, facts, notes, state, progress, spent)
    select c.id, e.version, c.created_at + (e.at - m.created_at), replace(e.facts::text, m.id, c.id)::json, e.notes,
      e.state, e.progress, e.spent
    from bench_copy c join run m on m.id = c.model join journal_entry e on e.run_id = m.id where $1::text is not null`,
  `insert into run_wait (run_id, version, ordinal, workspace, template, kind, stage, task, round, due_at, since, payload)
    select c.id, w.version, w.ordinal, w.workspace, w.template, w.kind, w.stage, w.task, w.round, w.due_at,
      c.created_at + (w.since - m.created_at), w.payload
    from bench_copy c join run m on m.id = c.model join run_wait w on w.run_id = m.id where $1::text is not null`,
];

const MIDDLE = `select id as run, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
  from run order by created_at desc, id desc offset $1 limit 1`;

/** One run of each kind, carried out here; the ids in the order of the mix. */
async function makeModels(stand: Stand): Promise<RunId[]> {
  const ids: RunId[] = [];
  for (const { template, ends } of MIX) {
    const parks = template === 'p10k';
    const driver = new Driver(stand, parks ? 'approval_pending' : ends);
    const id = await driver.run(template, template === 'failing' ? { n: 'no number' } : {});
    driver.close();
    if (parks && ends === 'done') await stand.verbs.approve(stand.owner, id, { stage: 'draft', round: 1 });
    if (ends === 'running') await asUnderWay(stand, id);
    ids.push(id);
  }
  return ids;
}

/** Cuts the run back to its first entry, in which its first stage began, and gives it to a worker elsewhere. */
async function asUnderWay({ database }: Stand, id: RunId): Promise<void> {
  for (const text of [
    'delete from journal_entry where run_id = $1 and version > 1',
    'delete from run_wait where run_id = $1',
    `update run set state = 'running', open = true, holder = '${ELSEWHERE}' where id = $1`,
  ])
    await database.query({ name: '', text }, [id]);
}
