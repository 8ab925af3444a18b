import { afterAll, describe, expect, it } from '@jest/globals';
import { createActionRegistry } from './action-registry.ts';
import { createIsolation } from '../isolation/index.ts';
import { definePlugin } from '../plugin/index.ts';
import { planOf, plansOf, systemStage } from '../testing/plan-of.ts';
import { scriptedRouter } from '../testing/scripted-ai-provider.ts';
import { testDesk } from '../testing/test-desk.ts';
import type { EngineOptions } from './ports.ts';
import type { Idempotency } from '../plugin/index.ts';
import type { Actor, Json } from '../vocabulary.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());
const ann: Actor = { kind: 'user', id: 'ann' };

/** One stage with a task for each of `count` items, all of which its template lets work at once. */
async function runFan(count: number, idempotency: Idempotency, options: EngineOptions) {
  let busy = 0;
  let most = 0;
  const run = async (input: Record<string, Json>): Promise<Json> => {
    busy += 1;
    most = Math.max(most, busy);
    await new Promise((resolve) => setImmediate(resolve));
    busy -= 1;
    return input['n'] ?? null;
  };
  const plugin = definePlugin({
    name: 'test',
    version: '1.0.0',
    title: 'Test',
    description: 'Test.',
    actions: [
      {
        id: 'test/work',
        description: 'Work.',
        input: { type: 'object', properties: { n: { type: 'number' } } },
        output: {},
        scopes: [],
        idempotency,
        run,
        examples: [{ title: 'One', with: {}, expect: { output: null } }],
      },
    ],
  });
  const actions = createActionRegistry([plugin], { readAsset: () => Promise.resolve(new Uint8Array()) });
  const forEach = { source: 'inputs.items', as: 'item', concurrency: count };
  const index = { kind: 'expression', source: 'index' } as const;
  const plan = planOf([systemStage('fan', 'test/work', { forEach, with: { n: index } })]);
  const desk = testDesk({ plans: plansOf(plan), ai: scriptedRouter(), isolation, actions }, options);
  const items = Array.from({ length: count }, (_, position) => position);
  const { id } = await desk.engine.create('w', { template: 'test', inputs: { items } }, ann);
  await desk.engine.quiet();
  const entries = (await desk.store.load(id))?.entries ?? [];
  const begun = (entries[0]?.facts ?? []).filter(({ type }) => type === 'task.started').length;
  return { view: await desk.engine.get('w', id), items, begun, most };
}

describe('tasks are begun in the journal before there is a place for them', () => {
  it('all at once, and never more of them at work than there are places', async () => {
    const { view, items, begun, most } = await runFan(60, 'natural', {
      concurrency: { ai: 1, system: 2 },
    });
    expect(view.stages[0]).toMatchObject({ error: null, output: items });
    expect(begun).toBe(60);
    expect(most).toBe(2);
  });

  it('only as many as the option says; the others go through the queue', async () => {
    const { view, items, begun } = await runFan(20, 'natural', {
      concurrency: { ai: 1, system: 2 },
      ahead: 5,
    });
    expect(view.stages[0]).toMatchObject({ error: null, output: items });
    expect(begun).toBe(5);
  });

  it('not when they may not be repeated: a crash would leave open what became of them', async () => {
    const { view, items, begun } = await runFan(20, 'none', { concurrency: { ai: 1, system: 2 } });
    expect(view.stages[0]).toMatchObject({ error: null, output: items });
    expect(begun).toBe(2);
  });
});
