import { afterAll, describe, expect, it } from '@jest/globals';
import { createEngine } from './engine.ts';
import { InProcessStageQueue } from './in-process-stage-queue.ts';
import { createIsolation } from '../isolation/index.ts';
import { MemoryRunStore } from '../testing/memory-run-store.ts';
import { aiStage, planOf, plansOf } from '../testing/plan-of.ts';
import { ScriptedAiProvider, scriptedRouter } from '../testing/scripted-ai-provider.ts';
import { testDesk } from '../testing/test-desk.ts';
import type { Engine } from './engine.ts';
import type { EngineOptions } from './ports.ts';
import type { StageQueue } from '../ports/stage-queue.ts';
import type { Workers } from '../ports/workers.ts';
import type { StageDraft } from '../testing/plan-of.ts';
import type { Gate } from '../template/plan.ts';
import type { AiScript } from '../testing/scripted-ai-provider.ts';
import type { Actor, RunId } from '../vocabulary.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());
const ann: Actor = { kind: 'user', id: 'ann' };
const GATE: Gate = {
  approvers: [],
  quorum: 1,
  selfApproval: true,
  deadlineMs: null,
  onDeadline: null,
  maxAttempts: 5,
};

async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Several workers on one store, each with a model of its own, so that it can be seen who asked. */
class Workshop {
  readonly living = new Set<string>();
  readonly store = new MemoryRunStore((holder) => !this.living.has(holder));
  readonly #stages: StageDraft[];

  constructor(stages: StageDraft[]) {
    this.#stages = stages;
  }

  worker(id: string, script: AiScript, { queue, ...options }: EngineOptions & { queue?: StageQueue } = {}) {
    this.living.add(id);
    const workers: Workers = {
      self: id,
      gone: (asked) => Promise.resolve(new Set(asked.filter((one) => !this.living.has(one)))),
    };
    const ai = new ScriptedAiProvider(script);
    const { ports, clock } = testDesk({
      plans: plansOf(planOf(this.#stages)),
      ai: scriptedRouter(ai),
      isolation,
      store: this.store,
    });
    const engine = createEngine({ ...ports, workers, queue: queue ?? new InProcessStageQueue() }, options);
    return { engine, ai, clock };
  }

  async begin(engine: Engine, inputs = {}): Promise<RunId> {
    const { id } = await engine.create('w', { template: 'test', inputs }, ann);
    await settle();
    return id;
  }

  async facts(id: RunId) {
    return (await this.store.load(id))?.entries.flatMap(({ facts }) => facts) ?? [];
  }
}

describe('a worker that lives', () => {
  it('keeps what it works on, whoever looks for work', async () => {
    const shop = new Workshop([aiStage('one')]);
    const one = shop.worker('one', [{ hang: true }]);
    const two = shop.worker('two', ['taken']);
    const id = await shop.begin(one.engine);
    for (let round = 0; round < 3; round += 1) expect(await two.engine.recover()).toBe(0);
    await settle();
    expect(two.ai.requests).toHaveLength(0);
    expect((await two.engine.get('w', id)).state).toBe('running');
  });

  it('gives up what was cancelled elsewhere', async () => {
    const shop = new Workshop([aiStage('one')]);
    const one = shop.worker('one', [{ hang: true }]);
    const two = shop.worker('two', []);
    const id = await shop.begin(one.engine);
    await two.engine.send('w', id, { type: 'cancel', actor: ann });
    await one.engine.lookAgain();
    await one.engine.quiet();
    expect((await one.engine.get('w', id)).state).toBe('cancelled');
    expect(shop.store.attempts(id)).toMatchObject([{ state: 'cancelled' }]);
  });

  it('takes what one that only hears requests leaves to it, and answers for it then', async () => {
    const shop = new Workshop([aiStage('one')]);
    const front = shop.worker('front', [], { works: false });
    const two = shop.worker('two', ['done']);
    const id = await shop.begin(front.engine);
    expect(shop.store.header(id)).toMatchObject({ open: true, holder: null });
    expect(await two.engine.recover()).toBe(1);
    await two.engine.quiet();
    expect((await front.engine.get('w', id)).stages[0]?.output).toBe('done');
  });
});

describe('a worker that answers for a run', () => {
  it('looks at what is stored, also when it remembers somebody else at work on it', async () => {
    const forEach = { source: 'inputs.items', as: 'item', concurrency: 2 };
    const shop = new Workshop([aiStage('many', { forEach, approval: GATE })]);
    const queue = new InProcessStageQueue();
    const wake: Array<() => void> = [];
    const script = (): Promise<string> => new Promise((resolve) => wake.push(() => resolve('a text')));
    const one = shop.worker('one', script, { perRun: 1, queue: elsewhere(queue) });
    const two = shop.worker('two', script, { queue });
    const front = shop.worker('front', [], { works: false, queue: elsewhere(new InProcessStageQueue()) });
    const id = await shop.begin(one.engine, { items: [1, 2] });
    expect([one.ai.requests.length, two.ai.requests.length]).toEqual([1, 1]);
    // The first ends its task and sees the other at work. Then that one ends too, and what comes after never reaches a queue.
    for (const answer of wake.splice(0)) {
      answer();
      await settle();
    }
    expect((await two.engine.get('w', id)).state).toBe('approval_pending');
    const comments = [{ body: 'Again.' }];
    await front.engine.send('w', id, {
      type: 'request-changes',
      actor: ann,
      stage: 'many',
      round: 1,
      comments,
    });

    expect(shop.store.header(id)).toMatchObject({ open: true, holder: null });
    expect(await one.engine.recover()).toBe(1);
    await settle();
    expect(one.ai.requests).toHaveLength(2);
  });
});

describe('a worker that is gone', () => {
  it('leaves its task to another one, and what it says of it later is refused', async () => {
    const shop = new Workshop([aiStage('one'), aiStage('two')]);
    let wake: (text: string) => void = () => undefined;
    const one = shop.worker('one', () => new Promise<string>((resolve) => (wake = resolve)));
    const two = shop.worker('two', ['second', 'after it']);
    const id = await shop.begin(one.engine);

    shop.living.delete('one');
    expect(await two.engine.recover()).toBe(1);
    await two.engine.quiet();
    shop.living.add('one');
    wake('first, and too late');
    await settle();

    const run = await two.engine.get('w', id);
    expect(run.stages.map(({ output }) => output)).toEqual(['second', 'after it']);
    expect(one.ai.requests).toHaveLength(1);
    const told = (await shop.facts(id)).filter((fact) => 'task' in fact && fact.task === 'one');
    expect(told.map((fact) => [fact.type, 'worker' in fact ? fact.worker : null])).toEqual([
      ['task.queued', null],
      ['task.started', 'one'],
      ['task.interrupted', 'two'],
      ['task.completed', null],
    ]);
  });

  it('does not call a tool any more once another one has the task', async () => {
    const shop = new Workshop([aiStage('one', { tools: ['tool/x'], maxToolCalls: 5 })]);
    let wake: () => void = () => undefined;
    const call = { toolCalls: [{ id: 'a', name: 'tool__x', input: {} }] };
    const one = shop.worker('one', () => new Promise((resolve) => (wake = () => resolve(call))));
    const two = shop.worker('two', ['done']);
    const id = await shop.begin(one.engine);
    shop.living.delete('one');
    await two.engine.recover();
    await two.engine.quiet();
    wake();
    await settle();
    expect((await shop.facts(id)).filter(({ type }) => type === 'tool.called')).toEqual([]);
    expect((await two.engine.get('w', id)).state).toBe('done');
  });

  it('is noticed by the one that answers for the run, although that one works on it too', async () => {
    const forEach = { source: 'inputs.items', as: 'item', concurrency: 2 };
    const shop = new Workshop([aiStage('many', { forEach })]);
    const [own, queue] = [new InProcessStageQueue(), new InProcessStageQueue()];
    let reaches = queue;
    const one = shop.worker('one', () => ({ hang: true }), {
      perRun: 1,
      queue: {
        ...elsewhere(own),
        enqueue: (items) => reaches.enqueue(items),
        consume: own.consume.bind(own),
      },
    });
    const id = await shop.begin(one.engine, { items: [1, 2] });
    const two = shop.worker('two', [{ hang: true }], { queue });
    await settle();
    expect([one.ai.requests.length, two.ai.requests.length]).toEqual([1, 1]);
    reaches = own;

    shop.living.delete('two');
    expect(await one.engine.recover()).toBe(1);
    await settle();
    const interrupted = (await shop.facts(id)).filter(({ type }) => type === 'task.interrupted');
    expect(interrupted).toMatchObject([{ worker: 'one' }]);
  });
});

describe('a fan-out', () => {
  it('is shared: what is beyond the share of one worker goes to the queue', async () => {
    const forEach = { source: 'inputs.items', as: 'item', concurrency: 10 };
    const shop = new Workshop([aiStage('many', { forEach })]);
    const queue = new InProcessStageQueue();
    const one = shop.worker('one', () => 'one', { perRun: 2, queue: elsewhere(queue) });
    const two = shop.worker('two', () => 'two', { queue });
    const id = await shop.begin(one.engine, { items: [1, 2, 3, 4, 5, 6] });
    await settle();
    const run = await two.engine.get('w', id);
    expect(run.state).toBe('done');
    expect([...(run.stages[0]?.output as string[])].sort()).toEqual([
      'one',
      'one',
      'two',
      'two',
      'two',
      'two',
    ]);
  });
});

/** What one worker puts in, only the other one takes out. */
function elsewhere(queue: InProcessStageQueue): StageQueue {
  return {
    enqueue: (items) => queue.enqueue(items),
    consume: () => undefined,
    close: () => Promise.resolve(),
  };
}
