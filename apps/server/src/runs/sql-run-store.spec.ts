import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttemptNote, RunCreation, RunFact, RunHeader, RunStanding, RunWait } from '@stagewright/engine';
import { runStoreContract } from '@stagewright/engine/testing';

import { describeOnEachDatabase } from '../../../../test/support/database.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { endLease, keepLease } from '../workers/sql/keep-lease.ts';
import { SqlRunStore } from './sql-run-store.ts';
import { appendEntries } from './sql/append-entries.ts';
import { listAttempts } from './sql/list-attempts.ts';
import { listRuns } from './sql/list-runs.ts';
import { pendingWrite } from './sql/write-columns.ts';

const AT = '2026-11-21T10:00:00.000Z';
const LATER = '2026-11-21T11:00:00.000Z';
const header: RunHeader = {
  template: 'ebook',
  revision: 'd1',
  title: 'Tea',
  state: 'running',
  open: true,
  holder: null,
  startedAt: AT,
  endedAt: null,
};
const standing: RunStanding = {
  state: 'running',
  progress: 12.5,
  spent: { inputTokens: 3_000_000_000, outputTokens: 7, usd: null },
};
const note: AttemptNote = { began: 1_500, ended: 20, model: 'm', sent: { prompt: 'Tea?' }, raw: 'x\u0000' };
const started: RunFact = { type: 'run.started', actor: { kind: 'user', id: 'ada' } };

function write(version: number, more: Partial<RunCreation> = {}): RunCreation {
  return { entry: { version, at: AT, facts: [started] }, standing, header, notes: [], ...more };
}
/** An entry and nothing that comes with it: what most stages write. */
function entryAlone(version: number) {
  const { entry, notes } = write(version);
  return { entry, standing, notes };
}
function timer(at: string): RunWait {
  return { kind: 'timer', timer: { kind: 'deadline', stage: 'outline', round: 1, at } };
}
function approval(round = 1): RunWait {
  return { kind: 'approval', stage: 'outline', round, deadline: null, approvers: ['role:approver'] };
}

describeOnEachDatabase(describe, 'the run store', ({ open }) => {
  let db: OpenDatabase;
  let store: SqlRunStore;
  beforeAll(async () => {
    db = await open();
    store = new SqlRunStore(db.database);
  }, 60_000);
  afterAll(() => db.close());

  runStoreContract({ describe, it, expect }, 'SqlRunStore', async () => {
    await rows('truncate run, journal_entry, run_wait, worker', []);
    const lease = (id: string, lives: boolean) =>
      lives ? keepLease(db.database, { id, host: 'here', pid: 1 }, null) : endLease(db.database, id);
    return { store, lease };
  });

  const statements = async (work: () => Promise<unknown>): Promise<number> => {
    const before = db.database.statements;
    await work();
    return db.database.statements - before;
  };
  const rows = <Row>(text: string, values: unknown[]) => db.database.query<Row>({ name: '', text }, values);
  const newRun = async (more: Partial<RunCreation> = {}): Promise<string> => {
    const id = randomUUID();
    expect(await store.create('w', id, write(1, more))).toBe(true);
    return id;
  };

  it('writes what many runs want in the same moment with two statements', async () => {
    const ids = Array.from({ length: 20 }, () => randomUUID());
    const created = await statements(() => Promise.all(ids.map((id) => store.create('w', id, write(1)))));
    const appended = await statements(() => Promise.all(ids.map((id) => store.append(id, write(2)))));
    expect([created, appended]).toEqual([1, 1]);
    expect((await store.load(ids[19]!))?.entries.map(({ version }) => version)).toEqual([1, 2]);
  });

  it('fails a write that the database refuses, and none that came with it', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => newRun()));
    const refused = write(2, { header: { ...header, startedAt: 'not an instant' } });
    const outcomes = await Promise.allSettled(
      ids.map((id, index) => store.append(id, index === 3 ? refused : write(2))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect((await store.load(ids[3]!))?.entries).toHaveLength(1);
    expect((await store.load(ids[4]!))?.entries).toHaveLength(2);
  });

  it('creates and appends with one statement each, whatever comes with the entry', async () => {
    const id = randomUUID();
    const full = (version: number) => write(version, { waits: [approval(), timer(AT)], notes: [note, null] });
    expect(await statements(() => store.create('w', id, full(1)))).toBe(1);
    expect(await statements(() => store.append(id, full(2)))).toBe(1);
    expect(await statements(() => store.append(id, entryAlone(3)))).toBe(1);
    expect(await rows('select version from run_wait where run_id = $1', [id])).toEqual([
      { version: 2 },
      { version: 2 },
    ]);
  });

  it('keeps every document as it was given: order of keys, NUL, lone surrogates, large numbers', async () => {
    const odd = { b: 1, a: '\u0000 \ud800 "\\', '': [], nested: { z: null, y: 1e300 } };
    const fact: RunFact = { type: 'stage.completed', stage: 's', round: 1, output: odd };
    const id = await newRun({
      entry: { version: 1, at: AT, facts: [fact] },
      header: { ...header, title: 'a\u0000b' },
    });
    const stored = await store.load(id);
    expect(JSON.stringify(stored?.entries)).toBe(JSON.stringify([{ version: 1, at: AT, facts: [fact] }]));
    expect(stored?.workspace).toBe('w');
  });

  it('writes nothing of an entry whose version is taken, not yet due, or of a run that is not there', async () => {
    const id = await newRun();
    const late = write(1, { header: { ...header, title: 'Late' }, waits: [approval()], notes: [note] });
    for (const [run, entry] of [
      [id, late],
      [id, { ...late, entry: { ...late.entry, version: 3 } }],
      [id, entryAlone(3)],
      [randomUUID(), late],
    ] as const) {
      expect(await store.append(run, entry)).toBe('stale');
    }
    expect((await store.load(id))?.entries).toHaveLength(1);
    expect(await rows('select 1 from run_wait where run_id = $1', [id])).toEqual([]);
    expect(await rows('select title from run', [])).not.toContainEqual({ title: 'Late' });
  });

  it('has one winner among two hundred writers of the same version', async () => {
    const id = await newRun();
    const results = await Promise.all(Array.from({ length: 200 }, () => store.append(id, write(2))));
    expect(results.filter((result) => result === 'committed')).toHaveLength(1);
    expect((await store.load(id))?.entries).toHaveLength(2);
  });

  it('creates a run once', async () => {
    const id = randomUUID();
    const results = await Promise.all(Array.from({ length: 20 }, () => store.create('w', id, write(1))));
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  it('replaces what a run waits for only when told, and keeps since when it waits', async () => {
    const id = await newRun({ waits: [approval()] });
    const since = () =>
      rows<{ kind: string; at: string }>(
        `select kind, to_char(since at time zone 'UTC', 'HH24') as at from run_wait where run_id = $1 order by ordinal`,
        [id],
      );
    await store.append(id, write(2));
    expect(await since()).toEqual([{ kind: 'approval', at: '10' }]);
    await store.append(id, {
      ...write(3, { waits: [approval(), timer(LATER)] }),
      entry: { version: 3, at: LATER, facts: [] },
    });
    expect(await since()).toEqual([
      { kind: 'approval', at: '10' },
      { kind: 'timer', at: '11' },
    ]);
    await store.append(id, {
      ...write(4, { waits: [approval(2)] }),
      entry: { version: 4, at: LATER, facts: [] },
    });
    expect(await since()).toEqual([{ kind: 'approval', at: '11' }]);
    await store.append(id, write(5, { waits: [] }));
    expect(await since()).toEqual([]);
  });

  it('shows where a run stands from its last entry, and the rest from the last header', async () => {
    const id = randomUUID();
    const workspace = `w-${id}`;
    await store.create(workspace, id, write(1));
    await store.append(id, { ...entryAlone(2), standing: { ...standing, progress: 50 } });
    await store.append(id, {
      ...entryAlone(3),
      standing: { state: 'running', progress: 75, spent: { inputTokens: 0, outputTokens: 0, usd: 0 } },
    });
    const { items, total } = await listRuns(db.database, workspace, { skip: 0, limit: 10 });
    expect(total).toBe(1);
    expect(items).toMatchObject([
      { id, title: 'Tea', state: 'running', version: 3, progress: 75, startedAt: AT, endedAt: null },
    ]);
    expect(items[0]?.spent).toEqual({ inputTokens: 0, outputTokens: 0, usd: 0 });
    await store.append(id, write(4, { header: { ...header, state: 'done', endedAt: LATER } }));
    const done = await listRuns(db.database, workspace, { skip: 0, limit: 10, state: 'done' });
    expect(done.items).toMatchObject([{ id, version: 4, progress: 12.5, endedAt: LATER }]);
    expect(done.items[0]?.spent).toEqual(standing.spent);
  });

  it('tells attempts from the facts and from what was noted at their end, those under way too', async () => {
    const of = { stage: 'outline', round: 1, task: 'outline' };
    const begun = (attempt: number): RunFact => ({ type: 'task.started', ...of, attempt, worker: 'w1' });
    const error = { code: 'X_Y', message: 'no', retryable: true };
    const id = await newRun({ entry: { version: 1, at: AT, facts: [begun(1)] } });
    await store.append(id, {
      ...entryAlone(2),
      entry: {
        version: 2,
        at: LATER,
        facts: [{ type: 'task.failed', ...of, attempt: 1, error, usage: null, retryAt: null }, begun(2)],
      },
      notes: [note],
    });
    const list = (filter: object) =>
      listAttempts(db.database, { workspace: 'w', run: id, filter: { skip: 0, limit: 10, ...filter } });
    const [first, second] = await list({});
    expect(first).toMatchObject({
      task: 'outline',
      attempt: 1,
      state: 'failed',
      error,
      model: 'm',
      raw: 'x\u0000',
    });
    expect([first?.startedAt, first?.endedAt]).toEqual([
      '2026-11-21T10:59:58.500Z',
      '2026-11-21T10:59:59.980Z',
    ]);
    expect(second).toMatchObject({
      attempt: 2,
      state: 'processing',
      startedAt: LATER,
      endedAt: null,
      sent: null,
    });
    expect(await list({ skip: 1 })).toEqual([second]);
    expect(await list({ stage: 'text' })).toEqual([]);
    expect(
      await listAttempts(db.database, { workspace: 'other', run: id, filter: { skip: 0, limit: 10 } }),
    ).toEqual([]);
  });

  it('keeps the columns of a statement apart, whatever a title holds', async () => {
    const odd = `a\u001eb\u001fc"'\\{},`;
    const ids = [
      await newRun({ header: { ...header, title: odd } }),
      await newRun({ header: { ...header, title: '' } }),
    ];
    const titles = await rows<{ title: string }>(
      'select title from run where id = any($1::text[]) order by title',
      [ids],
    );
    expect(titles.map(({ title }) => title)).toEqual(['', 'a\uFFFDb\uFFFDc"\'\\{},']);
  });

  it('finds the open runs of a worker by id in byte order, page by page', async () => {
    const ids = ['a', 'B', 'b', 'é', 'Z'].map((id) => `${id}-${randomUUID()}`);
    const holder = randomUUID();
    for (const id of ids) await store.create('w', id, write(1, { header: { ...header, holder } }));
    const sorted = [...ids].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await store.heldRuns(holder, 3)).toEqual(sorted.slice(0, 3));
    expect(await store.heldRuns(holder, 10, sorted[2])).toEqual(sorted.slice(3));
  });

  it('finds due timers, earliest first, each run once', async () => {
    await rows('delete from run_wait', []);
    const second = await newRun({
      waits: [timer('2026-11-21T10:00:02.000Z'), timer('2026-11-21T10:00:03.000Z')],
    });
    const first = await newRun({ waits: [timer('2026-11-21T10:00:01.123Z'), approval()] });
    await newRun({ waits: [timer(LATER)] });
    expect(await store.dueRuns('2026-11-21T10:00:05.000Z', 10)).toEqual([first, second]);
    expect(await store.dueRuns('2026-11-21T10:00:01.122Z', 10)).toEqual([]);
    expect(await store.dueRuns(LATER, 2)).toHaveLength(2);
    expect(await store.nextDue()).toBe('2026-11-21T10:00:01.123Z');
    await rows('delete from run_wait', []);
    expect(await store.nextDue()).toBeNull();
  });

  it('writes entries of many runs in one statement, each on its own fence', async () => {
    const ids = [await newRun(), await newRun(), await newRun()];
    await store.append(ids[1] as string, write(2));
    const pending = ids.map((id) => pendingWrite(id, write(2, { waits: [approval()], notes: [note] })));
    let committed = new Set<string>();
    expect(await statements(async () => (committed = await appendEntries(db.database, pending)))).toBe(1);
    expect([...committed].sort()).toEqual([ids[0], ids[2]].sort());
  });
});
