import { afterAll, describe, expect, it } from '@jest/globals';
import { createActionRegistry } from './action-registry.ts';
import { createEngine } from './engine.ts';
import { InProcessStageQueue } from './in-process-stage-queue.ts';
import { MortalWorker } from '../testing/mortal-worker.ts';
import { createIsolation } from '../isolation/index.ts';
import { definePlugin } from '../plugin/define-plugin.ts';
import { MAX_INTERRUPTIONS } from '../run/index.ts';
import { aiStage, planOf, plansOf, promptOf } from '../testing/plan-of.ts';
import { ScriptedAiProvider, scriptedRouter } from '../testing/scripted-ai-provider.ts';
import { testDesk } from '../testing/test-desk.ts';
import { ProviderError } from '../ports/provider-error.ts';
import type { Engine } from './engine.ts';
import type { AiScript } from '../testing/scripted-ai-provider.ts';
import type { TestDesk } from '../testing/test-desk.ts';
import type { StageDraft } from '../testing/plan-of.ts';
import type { Actor } from '../vocabulary.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());
const ann: Actor = { kind: 'user', id: 'ann' };
const MINUTE = 60_000;
const GATE = {
  approvers: [],
  quorum: 1,
  selfApproval: true,
  deadlineMs: null,
  onDeadline: null,
  maxAttempts: 5,
};

/** Keys of the calls that were made, in order. */
const keys: string[] = [];

const count = definePlugin({
  name: 'count',
  version: '1.0.0',
  title: 'Count',
  description: 'Counts.',
  actions: [
    {
      id: 'count/up',
      description: 'Counts up.',
      input: { type: 'object' },
      output: { type: 'null' },
      scopes: [],
      idempotency: 'natural',
      run: (_input, { idempotencyKey }) => {
        keys.push(idempotencyKey);
        return Promise.resolve(null);
      },
      examples: [{ title: 'Up', with: {}, expect: { output: null } }],
    },
  ],
});
const actions = createActionRegistry([count], { readAsset: () => Promise.reject(new Error('none')) });
const tooled = (maxToolCalls: number): StageDraft =>
  aiStage('one', { tools: ['count/up'], maxToolCalls, timeoutMs: 5 * MINUTE });

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A house whose process dies when told: the next one knows only the store. */
class House {
  readonly ai: ScriptedAiProvider;
  readonly desk: TestDesk;
  engine: Engine;
  id = '';
  worker = new MortalWorker();
  restarts = 1;

  constructor(stages: StageDraft[], script: AiScript) {
    this.ai = new ScriptedAiProvider(script);
    this.desk = testDesk({
      plans: plansOf(planOf(stages)),
      ai: scriptedRouter(this.ai),
      isolation,
      actions,
      workers: this.worker,
    });
    this.engine = this.desk.engine;
  }

  async begin(): Promise<void> {
    this.id = (await this.engine.create('w', { template: 'test', inputs: {} }, ann)).id;
    await settle();
  }

  /** The process is killed, and another one takes over. */
  async dies(): Promise<void> {
    this.worker.dies();
    await this.isReplaced();
  }

  /** The process is asked to stop, and another one takes over. */
  async isReplaced(): Promise<void> {
    await this.engine.close(0);
    this.worker = new MortalWorker(`worker-${(this.restarts += 1)}`);
    const { ports } = this.desk;
    this.engine = createEngine({ ...ports, workers: this.worker, queue: new InProcessStageQueue() });
    await this.engine.recover();
    await settle();
  }

  async view() {
    return await this.engine.get('w', this.id);
  }
}

describe('a task whose process dies while it works', () => {
  it('is taken up again, and the third time fails in quarantine, with its attempt closed', async () => {
    const house = new House([aiStage('one')], () => ({ hang: true }));
    await house.begin();
    for (let times = 1; times <= MAX_INTERRUPTIONS; times += 1) await house.dies();
    expect(house.ai.requests).toHaveLength(MAX_INTERRUPTIONS);
    expect(await house.view()).toMatchObject({ state: 'failed', error: { code: 'TASK_QUARANTINED' } });
    expect(house.desk.store.attempts(house.id)).toMatchObject([
      { attempt: 1, state: 'failed', error: { code: 'TASK_QUARANTINED' } },
    ]);
    expect(await house.engine.recover()).toBe(0);
  });

  it('is not blamed for processes that were asked to stop: they give it back', async () => {
    const house = new House([aiStage('one')], () => ({ hang: true }));
    await house.begin();
    for (let times = 0; times < 2 * MAX_INTERRUPTIONS; times += 1) await house.isReplaced();
    expect(await house.view()).toMatchObject({ state: 'running', stages: [{ tasks: [{ attempt: 1 }] }] });
    const facts = (await house.desk.store.load(house.id))?.entries.flatMap((entry) => entry.facts) ?? [];
    expect(facts.filter(({ type }) => type === 'task.released')).toHaveLength(2 * MAX_INTERRUPTIONS);
    expect(facts.some(({ type }) => type === 'task.interrupted')).toBe(false);
  });

  it('does not keep the runs beside it from going on', async () => {
    const house = new House([aiStage('one')], (request) =>
      request.subject['inputs'] !== null && JSON.stringify(request.subject).includes('poison')
        ? { hang: true }
        : 'fine',
    );
    await house.engine.create('w', { template: 'test', inputs: { text: 'poison' } }, ann);
    for (let times = 1; times <= MAX_INTERRUPTIONS; times += 1) await house.dies();
    await house.begin();
    expect((await house.view()).state).toBe('done');
  });
});

describe('the limits of a stage with tools hold over restarts and tries', () => {
  it('for its calls: those that a dead process or a failed try made count', async () => {
    let asked = 0;
    const call = () => ({ toolCalls: [{ id: `c${asked++}`, name: 'count__up', input: {} }] });
    const dead = [call, call, () => ({ hang: true }) as const];
    const failed = [
      call,
      () => ({ error: new ProviderError('PROVIDER_UNAVAILABLE', 'down', { retryable: true }) }),
    ];
    const script = [...dead, ...failed];
    const house = new House([tooled(5)], () => (script.shift() ?? call)());
    await house.begin();
    await house.dies();
    house.desk.clock.advance(2 * MINUTE);
    await settle();
    expect((await house.view()).error?.code).toBe('BUDGET_EXCEEDED');
    const facts = (await house.desk.store.load(house.id))?.entries.flatMap((entry) => entry.facts) ?? [];
    expect(facts.filter((fact) => fact.type === 'tool.called')).toHaveLength(5);
  });

  it('for its time: five minutes of work in all, without the time in which no process was there', async () => {
    const slowly = { toolCalls: [{ id: 'a', name: 'count__up', input: {} }] };
    const house: House = new House([tooled(100)], () => {
      if (house.ai.requests.length > 1) return { hang: true };
      return new Promise((resolve) => clock.after(3 * MINUTE, () => resolve(slowly)));
    });
    const { clock } = house.desk;
    await house.begin();
    clock.advance(3 * MINUTE);
    await settle();
    expect(house.ai.requests).toHaveLength(2);
    clock.advance(MINUTE);
    await house.dies();
    clock.advance(2 * MINUTE - 1);
    await settle();
    expect((await house.view()).state).toBe('running');
    clock.advance(1);
    await settle();
    expect((await house.view()).error).toMatchObject({ code: 'BUDGET_EXCEEDED', retryable: false });
  });

  it('and a call is written before it is made, so that nobody loses count of it', async () => {
    const house = new House(
      [tooled(5)],
      [{ toolCalls: [{ id: 'a', name: '__proto__', input: {} }] }, 'done'],
    );
    await house.begin();
    const facts = (await house.desk.store.load(house.id))?.entries.flatMap((entry) => entry.facts) ?? [];
    expect(facts).toContainEqual(expect.objectContaining({ type: 'tool.called', tool: '__proto__' }));
    expect((await house.view()).state).toBe('done');
  });
});

describe('an agent whose process dies at call 60 of 100', () => {
  /** Asks for one tool after the other, up to `calls`; thinks for `ms` before each, and for ever once `hangs` says so. */
  async function agent(calls: number, ms: (asked: number) => number): Promise<House> {
    keys.length = 0;
    const house: House = new House([tooled(100)], (request) => {
      const made = request.messages.filter(({ role }) => role === 'tool').length;
      const answer =
        made < calls ? { toolCalls: [{ id: `c${made}`, name: 'count__up', input: { made } }] } : 'counted';
      if (house.ai.requests.length === 61) return { hang: true };
      const { clock } = house.desk;
      return new Promise((resolve) => clock.after(ms(made), () => resolve(answer)));
    });
    await house.begin();
    return house;
  }
  async function passes(house: House, ms: number, times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      house.desk.clock.advance(ms);
      await settle();
    }
  }
  const crash = async (calls = 100): Promise<House> => {
    const house = await agent(calls, (made) => (made < 60 ? 4_000 : 1_000));
    await passes(house, 4_000, 60);
    expect({ calls: keys.length, asked: house.ai.requests.length }).toEqual({ calls: 60, asked: 61 });
    await house.dies();
    return house;
  };

  it('goes on from what was recorded: no call is made twice, and the model is not asked again for those there were', async () => {
    const house = await crash();
    const { messages } = house.ai.requests.at(-1)!;
    expect(messages.filter(({ role }) => role === 'tool')).toHaveLength(60);
    await passes(house, 1_000, 41);
    expect(await house.view()).toMatchObject({ state: 'done', stages: [{ output: 'counted' }] });
    expect(keys).toHaveLength(100);
    expect(new Set(keys).size).toBe(100);
    // 60 before, the one that hung, then 40 more calls and the answer.
    expect(house.ai.requests).toHaveLength(102);
    expect(house.desk.store.attempts(house.id)[0]?.toolCalls).toHaveLength(100);
  });

  it('has 40 calls left', async () => {
    const house = await crash(101);
    await passes(house, 1_000, 41);
    expect((await house.view()).error).toMatchObject({ code: 'BUDGET_EXCEEDED' });
    expect(keys).toHaveLength(100);
  });

  it('and the rest of its five minutes', async () => {
    const house = await crash();
    await passes(house, 1_000, 30);
    house.desk.clock.advance(29_999);
    await settle();
    expect((await house.view()).state).toBe('running');
    house.desk.clock.advance(1);
    await settle();
    expect((await house.view()).state).toBe('failed');
  });
});

describe('remarks of a reviewer', () => {
  it('stay open until an answer took them up, and are not repeated after that, whatever fails later', async () => {
    const down = new ProviderError('PROVIDER_REJECTED', 'no', { retryable: false });
    const prompt = promptOf('Write one.');
    const house = new House(
      [aiStage('one', { approval: GATE, prompt, cache: false }), aiStage('two')],
      ['long', { error: down }, 'short', { error: down }, { error: down }, 'again', 'fin'],
    );
    const prompts = () => house.ai.requests.map(({ messages }) => (messages[0] as { text: string }).text);
    const { engine } = house;
    const send = async (verb: Parameters<Engine['send']>[2]) => {
      await engine.send('w', house.id, verb);
      await engine.quiet();
    };
    await house.begin();
    await send({
      type: 'request-changes',
      actor: ann,
      stage: 'one',
      round: 1,
      comments: [{ body: 'Shorter' }],
    });
    await send({ type: 'retry', actor: ann });
    expect(prompts().map((text) => text.includes('Shorter'))).toEqual([false, true, true]);
    await send({ type: 'approve', actor: ann, stage: 'one', round: 3 });
    await send({ type: 'rerun', actor: ann, from: 'one' });
    await send({ type: 'retry', actor: ann });
    expect(
      prompts()
        .slice(4)
        .map((text) => text.includes('Shorter')),
    ).toEqual([false, false]);
  });
});
