import { afterAll, describe, expect, it } from '@jest/globals';
import { createActionRegistry } from './action-registry.ts';
import { createEngine } from './engine.ts';
import { InProcessStageQueue } from './in-process-stage-queue.ts';
import { createIsolation } from '../isolation/index.ts';
import { definePlugin } from '../plugin/define-plugin.ts';
import { aiStage, planOf, plansOf, systemStage } from '../testing/plan-of.ts';
import { ScriptedAiProvider, scriptedRouter } from '../testing/scripted-ai-provider.ts';
import { testDesk } from '../testing/test-desk.ts';
import type { Engine } from './engine.ts';
import type { AiScript } from '../testing/scripted-ai-provider.ts';
import type { TestDesk } from '../testing/test-desk.ts';
import type { Idempotency } from '../plugin/define-plugin.ts';
import type { Plan } from '../template/plan.ts';
import type { RunView } from '../run/view.ts';
import type { Actor, Json } from '../vocabulary.ts';

/*
 * A process dies after an effect and before its record. What takes a key is repeated under the same key with the same
 * body; what takes none is never repeated, and a person is asked.
 */

const isolation = createIsolation();
afterAll(() => isolation.close());
const ann: Actor = { kind: 'user', id: 'ann' };

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** What came in at the other side. */
interface Received {
  key: string;
  body: string;
}

/** A house whose process dies, with a receiver that outlives it. `answer` decides what the caller hears of each call. */
class House {
  readonly received: Received[] = [];
  readonly desk: TestDesk;
  engine: Engine;
  id = '';

  constructor(
    plan: Plan,
    idempotency: Idempotency,
    answer: (call: number) => Promise<Json>,
    script: AiScript = [],
  ) {
    const post = definePlugin({
      name: 'post',
      version: '1.0.0',
      title: 'Post',
      description: 'Sends.',
      actions: [
        {
          id: 'post/send',
          description: 'Sends.',
          input: { type: 'object' },
          output: { type: 'object', required: ['id'] },
          scopes: [],
          idempotency,
          run: (input, { idempotencyKey }) => {
            this.received.push({ key: idempotencyKey, body: JSON.stringify(input) });
            return answer(this.received.length);
          },
          examples: [{ title: 'Send', with: {}, expect: { output: {} } }],
        },
      ],
    });
    this.desk = testDesk({
      plans: plansOf(plan),
      ai: scriptedRouter(new ScriptedAiProvider(script)),
      isolation,
      actions: createActionRegistry([post], { readAsset: () => Promise.reject(new Error('none')) }),
    });
    this.engine = this.desk.engine;
  }

  async begin(): Promise<this> {
    this.id = (await this.engine.create('w', { template: 'test', inputs: { text: 'Hello' } }, ann)).id;
    await settle();
    return this;
  }

  async dies(): Promise<void> {
    await this.engine.close(0);
    this.engine = createEngine({ ...this.desk.ports, queue: new InProcessStageQueue() });
    await this.engine.recover();
    await settle();
  }

  async resolve(task: string, outcome: 'done' | 'repeat' | 'fail', output?: Json): Promise<RunView> {
    const given = output === undefined ? {} : { output };
    await this.engine.send('w', this.id, {
      type: 'resolve',
      actor: ann,
      task,
      attempt: 1,
      outcome,
      ...given,
    });
    await settle();
    return await this.view();
  }

  view(): Promise<RunView> {
    return this.engine.get('w', this.id);
  }
}

const never = new Promise<Json>(() => undefined);
const diesAtFirst = (call: number): Promise<Json> => (call === 1 ? never : Promise.resolve({ id: call }));
const text = { text: { kind: 'expression', source: 'inputs.text' } } as const;
const stage = planOf([systemStage('send', 'post/send', { with: text })]);
const atEnd = planOf([aiStage('a')], { onComplete: [{ uses: 'post/send', if: null, with: text }] });
const IN_DOUBT = { kind: 'review', attempt: 1, code: 'ACTION_OUTCOME_UNKNOWN' };

describe('a process that dies between an effect and its record', () => {
  it.each(['key', 'natural'] as const)('repeats it with the same key and body (%s)', async (idempotency) => {
    const house = await new House(stage, idempotency, diesAtFirst).begin();
    await house.dies();
    expect(await house.view()).toMatchObject({ state: 'done', stages: [{ output: { id: 2 } }] });
    expect(house.received).toHaveLength(2);
    expect(house.received[1]).toEqual(house.received[0]);
  });

  it('does not repeat what takes no key, however often processes die, and asks a person', async () => {
    const house = await new House(stage, 'none', diesAtFirst).begin();
    await house.dies();
    await house.dies();
    await house.dies();
    expect(house.received).toHaveLength(1);
    expect(await house.view()).toMatchObject({
      state: 'input_pending',
      waitingFor: [{ ...IN_DOUBT, stage: 'send', task: 'send' }],
    });
    expect(house.desk.store.attempts(house.id)).toMatchObject([
      {
        state: 'failed',
        error: { code: 'ACTION_OUTCOME_UNKNOWN' },
        sent: { uses: 'post/send', with: { text: 'Hello' } },
      },
    ]);
  });

  it('goes on with what the person says: it happened, and gave this', async () => {
    const house = await new House(stage, 'none', diesAtFirst).begin();
    await house.dies();
    await expect(house.resolve('send', 'done', { number: 7 })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    expect(await house.resolve('send', 'done', { id: 7 })).toMatchObject({
      state: 'done',
      stages: [{ output: { id: 7 } }],
    });
    expect(house.received).toHaveLength(1);
    // Also later on: what happened is not done again while nothing that goes in has changed.
    await house.engine.send('w', house.id, { type: 'rerun', actor: ann, from: 'send' });
    await settle();
    expect(await house.view()).toMatchObject({ state: 'done', stages: [{ output: { id: 7 } }] });
    expect(house.received).toHaveLength(1);
  });

  it('does it again, or gives it up, as the person says', async () => {
    const again = await new House(stage, 'none', diesAtFirst).begin();
    await again.dies();
    expect(await again.resolve('send', 'repeat')).toMatchObject({
      state: 'done',
      stages: [{ output: { id: 2 } }],
    });
    const givenUp = await new House(stage, 'none', diesAtFirst).begin();
    await givenUp.dies();
    expect(await givenUp.resolve('send', 'fail')).toMatchObject({
      state: 'failed',
      error: { code: 'ACTION_OUTCOME_UNKNOWN' },
    });
    expect(givenUp.received).toHaveLength(1);
    expect(givenUp.desk.store.attempts(givenUp.id)).toMatchObject([{ sent: { uses: 'post/send' } }]);
  });
});

describe('an action without a key is in doubt as well', () => {
  it('when its connection breaks after it was sent', async () => {
    const house = await new House(stage, 'none', () => Promise.reject(new Error('socket hang up'))).begin();
    expect(await house.view()).toMatchObject({ state: 'input_pending', waitingFor: [IN_DOUBT] });
    expect(house.received).toHaveLength(1);
  });

  it('when its time is up', async () => {
    const house = await new House(stage, 'none', () => never).begin();
    house.desk.clock.advance(60_000);
    await settle();
    expect(await house.view()).toMatchObject({ state: 'input_pending', waitingFor: [IN_DOUBT] });
  });

  it('when a model called it: the model is not let call it again', async () => {
    const plan = planOf([aiStage('agent', { tools: ['post/send'] })]);
    const call = () => ({ toolCalls: [{ id: 'c', name: 'post__send', input: {} }] });
    const house = await new House(
      plan,
      'none',
      () => Promise.reject(new Error('socket hang up')),
      call,
    ).begin();
    expect(await house.view()).toMatchObject({
      state: 'input_pending',
      waitingFor: [{ ...IN_DOUBT, task: 'agent' }],
    });
    expect(house.received).toHaveLength(1);
  });
});

describe('a model that asked for two calls at once, when the process dies in the second,', () => {
  const plan = planOf([aiStage('agent', { tools: ['post/send'] })]);
  const two = ['a', 'b'].map((id) => ({ id, name: 'post__send', input: { id } }));
  /** Asks for both, and ends as soon as it is told of both. */
  const script: AiScript = ({ messages }) =>
    messages.some(({ role }) => role === 'tool') ? 'sent' : { toolCalls: two };
  const dies = (call: number): Promise<Json> => (call === 2 ? never : Promise.resolve({ id: call }));

  it('has that one repeated under its key, and the first not at all', async () => {
    const house = await new House(plan, 'key', dies, script).begin();
    await house.dies();
    expect(await house.view()).toMatchObject({ state: 'done', stages: [{ output: 'sent' }] });
    expect(house.received.map(({ body }) => body)).toEqual(['{"id":"a"}', '{"id":"b"}', '{"id":"b"}']);
    expect(house.received[2]).toEqual(house.received[1]);
    expect(house.desk.store.attempts(house.id)[0]?.toolCalls.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('is in doubt when it takes no key, and calls it again only when a person says so', async () => {
    const house = await new House(plan, 'none', dies, script).begin();
    await house.dies();
    expect(house.received).toHaveLength(2);
    expect((await house.view()).waitingFor).toMatchObject([IN_DOUBT]);
    expect(await house.resolve('agent', 'repeat')).toMatchObject({
      state: 'done',
      stages: [{ output: 'sent' }],
    });
    expect(house.received.map(({ body }) => body)).toEqual(['{"id":"a"}', '{"id":"b"}', '{"id":"b"}']);
  });

  it('is not in doubt over calls whose answers are written down', async () => {
    const hangs: AiScript = [{ toolCalls: two }, { hang: true }, 'sent'];
    const house = await new House(plan, 'none', (call) => Promise.resolve({ id: call }), hangs).begin();
    await house.dies();
    expect(await house.view()).toMatchObject({ state: 'done', stages: [{ output: 'sent' }] });
    expect(house.received).toHaveLength(2);
  });
});

describe('an end action, when the process dies between its effect and its record,', () => {
  const answers: AiScript = () => 'text';

  it('is repeated with its key', async () => {
    const house = await new House(atEnd, 'key', diesAtFirst, answers).begin();
    await house.dies();
    expect(house.received).toHaveLength(2);
    expect(house.received[1]).toEqual(house.received[0]);
    expect((await house.view()).waitingFor).toEqual([]);
  });

  it('is not repeated without one: the run is done, and a person is asked', async () => {
    const house = await new House(atEnd, 'none', diesAtFirst, answers).begin();
    await house.dies();
    await house.dies();
    expect(house.received).toHaveLength(1);
    expect(await house.view()).toMatchObject({
      state: 'done',
      waitingFor: [{ ...IN_DOUBT, task: 'end-action:0' }],
    });
    expect(await house.resolve('end-action:0', 'repeat')).toMatchObject({ state: 'done', waitingFor: [] });
    expect(house.received).toHaveLength(2);
  });

  it('is in doubt without one when its time is up, and nobody repeats it', async () => {
    const house = await new House(atEnd, 'none', () => never, answers).begin();
    house.desk.clock.advance(60_000);
    await settle();
    house.desk.clock.advance(600_000);
    await settle();
    expect(house.received).toHaveLength(1);
    expect((await house.view()).waitingFor).toMatchObject([IN_DOUBT]);
  });
});
