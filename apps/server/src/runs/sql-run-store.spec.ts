import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttemptRecord, RunFact, RunHeader, RunWait, RunWrite } from '@stagewright/engine';
import { runStoreContract } from '@stagewright/engine/testing';

import { describeOnEachDatabase } from '../../../../test/support/database.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { endLease, keepLease } from '../workers/sql/keep-lease.ts';
import { SqlRunStore } from './sql-run-store.ts';
import { appendEntries } from './sql/append-entries.ts';

const AT = '2026-11-21T10:00:00.000Z';
const LATER = '2026-11-21T11:00:00.000Z';
const header: RunHeader = {
  template: 'ebook',
  revision: 'd1',
  title: 'Tea',
  state: 'running',
  progress: 12.5,
  spent: { inputTokens: 3_000_000_000, outputTokens: 7, usd: null },
  open: true,
  holder: null,
  startedAt: AT,
  endedAt: null,
};
const attempt: AttemptRecord = {
  task: 'outline',
  stage: 'outline',
  round: 1,
  attempt: 1,
  state: 'processing',
  startedAt: AT,
  endedAt: null,
  provider: null,
  model: null,
  sent: null,
  output: null,
  raw: null,
  toolCalls: [],
  usage: null,
  error: null,
  log: [],
};
const started: RunFact = { type: 'run.started', actor: { kind: 'user', id: 'ada' } };

function write(version: number, more: Partial<RunWrite> = {}): RunWrite {
  return { entry: { version, at: AT, facts: [started] }, header, attempts: [], ...more };
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
    await rows('truncate run, journal_entry, run_wait, attempt, worker', []);
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
  const newRun = async (more: Partial<RunWrite> = {}): Promise<string> => {
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
    const full = (version: number) =>
      write(version, { waits: [approval(), timer(AT)], attempts: [attempt, { ...attempt, attempt: 2 }] });
    expect(await statements(() => store.create('w', id, full(1)))).toBe(1);
    expect(await statements(() => store.append(id, full(2)))).toBe(1);
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
    const late = write(1, { waits: [approval()], attempts: [attempt] });
    for (const [run, entry] of [
      [id, late],
      [id, { ...late, entry: { ...late.entry, version: 3 } }],
      [randomUUID(), late],
    ] as const) {
      expect(await store.append(run, entry)).toBe('stale');
    }
    expect((await store.load(id))?.entries).toHaveLength(1);
    expect(await rows('select 1 from run_wait where run_id = $1', [id])).toEqual([]);
    expect(await rows('select 1 from attempt where run_id = $1', [id])).toEqual([]);
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

  it('replaces an attempt by task and number, and keeps the others', async () => {
    const id = await newRun({ attempts: [attempt] });
    await store.append(
      id,
      write(2, {
        attempts: [
          { ...attempt, state: 'done', raw: 'x\u0000' },
          { ...attempt, attempt: 2 },
        ],
      }),
    );
    const kept = await rows<{ state: string; record: AttemptRecord }>(
      'select state, record from attempt where run_id = $1 order by attempt',
      [id],
    );
    expect(kept.map((row) => row.state)).toEqual(['done', 'processing']);
    expect(kept[0]?.record.raw).toBe('x\u0000');
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
    const pending = ids.map((id) => ({ id, write: write(2, { waits: [approval()], attempts: [attempt] }) }));
    let committed = new Set<string>();
    expect(await statements(async () => (committed = await appendEntries(db.database, pending)))).toBe(1);
    expect([...committed].sort()).toEqual([ids[0], ids[2]].sort());
  });
});
