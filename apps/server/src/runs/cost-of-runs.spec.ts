import { createRequire } from 'node:module';

import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createActionRegistry } from '@stagewright/engine';
import type { Engine } from '@stagewright/engine';
import { createIsolation } from '@stagewright/engine/isolation';
import { definePlugin } from '@stagewright/engine/plugin';
import {
  planOf,
  plansOf,
  ScriptedAiProvider,
  scriptedRouter,
  systemStage,
  testDesk,
} from '@stagewright/engine/testing';

import { bytesWritten } from '../../../../test/support/bytes-written.ts';
import { describeOnEachDatabase } from '../../../../test/support/database.ts';
import type { Database, Statement } from '../database/database.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { SqlRunStore } from './sql-run-store.ts';

jest.setTimeout(60_000);

const ann = { kind: 'user' as const, id: 'ann', roles: ['approver'] };
const step = definePlugin({
  name: 'bench',
  version: '1.0.0',
  title: 'Bench',
  description: 'Stages that do nothing.',
  actions: [
    {
      id: 'bench/step',
      description: 'Adds one.',
      input: { type: 'object', properties: { n: { type: 'integer', default: 0 } } },
      output: { type: 'object', properties: { n: { type: 'integer' } } },
      scopes: [],
      idempotency: 'natural',
      run: ({ n }) => Promise.resolve({ n: Number(n) + 1 }),
      examples: [{ title: 'One', with: {}, expect: { output: { n: 1 } } }],
    },
  ],
});
const gate = {
  approvers: ['role:approver'],
  quorum: 1,
  selfApproval: true,
  deadlineMs: null,
  onDeadline: null,
  maxAttempts: 5,
};
const each = { source: 'inputs.items', as: 'entry', concurrency: 64 };
const five = ['s1', 's2', 's3', 's4', 's5'].map((id) => systemStage(id, 'bench/step'));
const plans = plansOf(
  planOf(five, { name: 'w5' }),
  planOf([systemStage('fan', 'bench/step', { forEach: each }), systemStage('join', 'bench/step')], {
    name: 'f200',
  }),
  planOf([systemStage('draft', 'bench/step', { approval: gate })], { name: 'gated' }),
);

/**
 * What `npm run bench` shows in seconds, held here by counting: a busy machine does not change these figures, and a
 * statement more for each stage does.
 */
describeOnEachDatabase(describe, 'what runs cost the database', ({ open, driver }) => {
  const isolation = createIsolation();
  let db: OpenDatabase;
  let engine: Engine;
  beforeAll(async () => {
    db = await open();
    engine = engineOn(db.database);
    await run(['w5', 'f200']);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(async () => {
    await engine.close(0);
    await isolation.close();
    await db.close();
  });

  function engineOn(database: Database): Engine {
    const actions = createActionRegistry([step], { readAsset: () => Promise.reject(new Error('none')) });
    const ai = scriptedRouter(new ScriptedAiProvider([]));
    return testDesk({ plans, ai, isolation, actions, store: new SqlRunStore(database) }).engine;
  }

  /** A run of each template, all at once; resolves when all of them have ended or are parked. */
  async function run(templates: string[], on = engine): Promise<string[]> {
    const items = Array.from({ length: 200 }, (_, index) => index);
    const runs = await Promise.all(
      templates.map((template) =>
        on.create('w', { template, inputs: template === 'f200' ? { items } : {} }, ann),
      ),
    );
    await on.quiet();
    return runs.map(({ id }) => id);
  }

  /** Statements at the drivers, so that none passes by, whoever sends it. */
  async function statementsOf(work: () => Promise<unknown>): Promise<number> {
    const { Client } = createRequire(import.meta.url)('pg') as {
      Client: { prototype: { query(): unknown } };
    };
    const spies = [
      jest.spyOn(Client.prototype, 'query'),
      jest.spyOn(PGlite.prototype, 'query'),
      jest.spyOn(PGlite.prototype, 'exec'),
      jest.spyOn(PGlite.prototype, 'execProtocol'),
    ];
    await work();
    const sent = spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
    for (const spy of spies) spy.mockRestore();
    return sent;
  }

  it('five stages one at a time: a statement for the start and one for the end of each, at most eight', async () => {
    const sent = await statementsOf(async () => {
      for (let count = 0; count < 5; count += 1) await run(['w5']);
    });
    expect(sent / 5).toBeGreaterThanOrEqual(6);
    expect(sent / 5).toBeLessThanOrEqual(8);
  });

  it('five stages of two hundred runs at once: at most half a statement for each run', async () => {
    const sent = await statementsOf(() => run(Array.from({ length: 200 }, () => 'w5')));
    expect(sent / 200).toBeLessThanOrEqual(0.5);
  });

  it('two hundred tasks and a join: at most eight statements', async () => {
    const [id] = await run(['f200']);
    expect(await engine.get('w', id!)).toMatchObject({
      state: 'done',
      stages: [{ tasks: { length: 200 } }, {}],
    });
    expect(await statementsOf(() => run(['f200']))).toBeLessThanOrEqual(8);
  });

  it('runs that are parked: nothing, however many they are, but the one look at what is due', async () => {
    const scan = await statementsOf(() => engine.recover());
    const ids = await run(Array.from({ length: 150 }, () => 'gated'));
    expect(engine.load.runs).toBe(0);
    expect(await engine.get('w', ids[0]!)).toMatchObject({ state: 'approval_pending' });
    expect(await statementsOf(() => engine.recover())).toBe(scan);
    expect(scan).toBeLessThanOrEqual(4);
  });

  it('a hundred approvals at once: they are read together and written together', async () => {
    const ids = await run(Array.from({ length: 100 }, () => 'gated'));
    const approve = (id: string) =>
      engine.send('w', id, { type: 'approve', actor: ann, stage: 'draft', round: 1 });
    const sent = await statementsOf(() => Promise.all(ids.map(approve)));
    expect(sent / 100).toBeLessThanOrEqual(0.5);
    expect(await engine.get('w', ids[99]!)).toMatchObject({ state: 'done' });
  });

  (driver === 'postgresql' ? it : it.skip)('five stages write less than 5 KiB of log', async () => {
    const sent: Array<{ statement: Statement; values: unknown[] }> = [];
    const query = db.database.query.bind(db.database);
    jest.spyOn(db.database, 'query').mockImplementation((statement, values) => {
      sent.push({ statement, values });
      return query(statement, values);
    });
    for (let count = 0; count < 10; count += 1) await run(['w5']);
    jest.restoreAllMocks();
    // A checkpoint that another suite causes in between adds whole pages; not each of three times.
    const measured: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      const replica = await open();
      measured.push(await bytesWritten(replica.database, sent).finally(() => replica.close()));
    }
    const bytes = Math.min(...measured) / 10;
    expect(bytes).toBeGreaterThan(2_000);
    expect(bytes).toBeLessThan(5 * 1024);
  });
});
