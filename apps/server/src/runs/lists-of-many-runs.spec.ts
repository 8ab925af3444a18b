import { afterAll, afterEach, beforeAll, expect, describe, it, jest } from '@jest/globals';
import type { RunState } from '@stagewright/engine';

import { describeOnEachDatabase } from '../../../../test/support/database.ts';
import { listWaiting } from '../approvals/sql/list-waiting.ts';
import type { InboxFilter } from '../approvals/sql/list-waiting.ts';
import type { Statement } from '../database/database.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { cursorOf, placeOf } from './dto/list-cursor.ts';
import { listRuns } from './sql/list-runs.ts';
import type { RunFilter } from './sql/list-runs.ts';

jest.setTimeout(60_000);

const RUNS = 12_000;
const LIMIT = 10;

/**
 * Runs in proportions as they come to be: nearly all have ended, few wait, one template is rare. Several share a
 * millisecond, and another workspace has as many.
 */
const FILL = [
  `insert into run (id, workspace, template, revision, title, state, open, created_by, created_at)
    select w || n, w, case when n % 3000 = 7 then 'rare' else 'book-' || n % 4 end, 'digest', 'Title ' || n,
      case when n % 400 = 1 then 'failed' when n % 100 in (2, 7) then 'approval_pending' when n % 1000 = 3 then 'running' else 'done' end,
      false, '{"kind":"user","id":"ada","roles":[]}', timestamptz '2026-01-01Z' + (n / 5) * interval '7 ms'
    from generate_series(1, ${RUNS}) n, (values ('own'), ('other')) workspaces(w)`,
  `insert into journal_entry (run_id, version, at, facts, state, progress)
    select id, v, created_at, '[]', state, 10 * v from run, generate_series(1, 3) v`,
  `insert into run_wait (run_id, version, ordinal, workspace, template, kind, since, payload)
    select id, 3, o, workspace, template, case o when 1 then 'timer' when 2 then 'approval' else 'input' end, created_at, '{}'
    from run, generate_series(1, 3) o where state = 'approval_pending'`,
];

interface PlanNode {
  'Node Type': string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: PlanNode[];
}

/** Rows that a plan took up from tables and indexes. */
function rowsRead(node: PlanNode): number {
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  const own = / Scan$/.test(node['Node Type']) && !/Function|Subquery|CTE/.test(node['Node Type']);
  const rows = own ? (node['Actual Rows'] + removed) * node['Actual Loops'] : 0;
  return (node.Plans ?? []).reduce((sum, child) => sum + rowsRead(child), rows);
}

describeOnEachDatabase(describe, 'lists of many runs', ({ open, driver }) => {
  let db: OpenDatabase;
  beforeAll(async () => {
    db = await open();
    for (const text of FILL) await db.database.query({ name: '', text }, []);
    // A server does it by itself after a while; the embedded database never does.
    if (driver === 'postgresql') await db.database.query({ name: '', text: 'analyze' }, []);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(() => db.close());

  /** What each statement of a read took up, the list first and then its count. */
  async function readBy(work: () => Promise<unknown>): Promise<number[]> {
    const sent: Array<{ statement: Statement; values: unknown[] }> = [];
    const query = db.database.query.bind(db.database);
    jest.spyOn(db.database, 'query').mockImplementation((statement, values) => {
      sent.push({ statement, values });
      return query(statement, values);
    });
    await work();
    jest.restoreAllMocks();
    const read: number[] = [];
    for (const { statement, values } of sent) {
      const text = `explain (analyze, timing off, format json) ${statement.text}`;
      const [row] = await query<Record<string, Array<{ Plan: PlanNode }>>>({ name: '', text }, values);
      read.push(rowsRead(row!['QUERY PLAN']![0]!.Plan));
    }
    return read;
  }

  const runs = (filter: Partial<RunFilter> = {}) =>
    listRuns(db.database, 'own', { skip: 0, limit: LIMIT, ...filter });
  const inbox = (filter: Partial<InboxFilter> = {}) =>
    listWaiting(db.database, 'own', { skip: 0, limit: LIMIT, ...filter });
  const middle = { at: '2026-01-01T00:00:08.400Z', run: 'own6002', ordinal: 2 };

  const STATES: Array<RunState | undefined> = [undefined, 'done', 'failed', 'running', 'paused'];
  const TEMPLATES = [undefined, 'book-1', 'rare', 'none'];
  const ofRuns = STATES.flatMap((state) =>
    TEMPLATES.flatMap((template) => [undefined, middle].map((after) => ({ state, template, after }))),
  );
  it.each(ofRuns)('read the runs of a page and few others: %j', async (filter) => {
    const [list] = await readBy(() => runs(filter));
    // The page, each of its runs once more by its key and once in its journal, and the newest of each of eight states.
    expect(list).toBeLessThanOrEqual(LIMIT * 12);
  });

  it.each([
    {},
    { kind: 'approval' as const },
    { kind: 'review' as const },
    { template: 'rare' },
    { template: 'rare', kind: 'input' as const },
    { template: 'none' },
    { run: 'own6002' },
    { after: middle },
    { after: middle, template: 'book-2' },
  ])('read what waits on a page of the inbox and little else: %j', async (filter) => {
    const [list] = await readBy(() => inbox(filter));
    expect(list).toBeLessThanOrEqual(LIMIT * 8);
  });

  it('count what there is, up to a thousand', async () => {
    for (const filter of [{}, { state: 'done' as const }]) {
      const [, count] = await readBy(() => runs(filter));
      expect(count).toBeLessThanOrEqual(2_000);
      expect((await runs(filter)).total).toBe(1_000);
    }
    expect((await runs({ state: 'failed' })).total).toBe(RUNS / 400);
    expect((await runs({ template: 'rare' })).total).toBe(4);
    expect((await runs({ template: 'rare', state: 'failed' })).total).toBe(0);
    expect((await inbox()).total).toBe(RUNS / 25);
    expect((await inbox({ run: 'own6002' })).total).toBe(2);
    expect((await inbox({ run: 'other6002' })).total).toBe(0);
    for (const filter of [{ template: 'rare' }, { run: 'own6002' }]) {
      const [, count] = await readBy(() => inbox(filter));
      expect(count).toBeLessThanOrEqual(40);
    }
  });

  /** Every page of a list, by its cursors. */
  async function walk<Item>(page: (after: string | null) => Promise<{ items: Item[]; next: string | null }>) {
    const all: Item[] = [];
    let after: string | null = null;
    do {
      const { items, next } = await page(after);
      expect(items.length).toBeGreaterThan(0);
      all.push(...items);
      after = next;
    } while (after !== null);
    return all;
  }
  const placed = (after: string | null) => (after === null ? {} : { after: placeOf(after)! });

  it.each([
    { state: 'approval_pending' as const },
    { template: 'rare' },
    { state: 'failed' as const, template: 'book-1' },
  ])(
    'walk over all pages of %j by cursors and meet each run once, in the order of one long page',
    async (filter) => {
      const walked = await walk((after) => runs({ ...filter, limit: 7, ...placed(after) }));
      const { items, total } = await runs({ ...filter, limit: 1_000 });
      expect(walked).toEqual(items);
      expect(walked).toHaveLength(total);
      expect(new Set(walked.map(({ id }) => id)).size).toBe(walked.length);
    },
  );

  it('walk over the inbox, also where one run waits for several things', async () => {
    const walked = await walk((after) => inbox({ limit: 7, ...placed(after) }));
    expect(walked).toEqual((await inbox({ limit: 1_000 })).items);
    expect(walked).toHaveLength(RUNS / 25);
  });

  it('go on after a place whose row is gone, and skip as before', async () => {
    const { items } = await runs({ limit: 3 });
    expect((await runs({ limit: 1, skip: 2 })).items).toEqual(items.slice(2));
    const gone = { at: items[0]!.createdAt, run: `${items[0]!.id}x`, ordinal: 0 };
    expect((await runs({ limit: 3, after: gone })).items).toEqual(items);
  });
});

it('a cursor is what a list gave, and nothing else', () => {
  const place = { at: '2026-01-01T00:00:08.400Z', run: 'own6002', ordinal: 2 };
  expect(placeOf(cursorOf(place))).toEqual(place);
  for (const text of [
    '',
    'own6002',
    cursorOf({ ...place, at: '2026-13-01T00:00:08.400Z' }),
    cursorOf({ ...place, run: 'a\u0000' }),
  ])
    expect(placeOf(text)).toBeUndefined();
});
