import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { createActionRegistry } from './action-registry.ts';
import { createEngine } from './engine.ts';
import { InProcessStageQueue } from './in-process-stage-queue.ts';
import { createIsolation } from '../isolation/index.ts';
import { definePlugin } from '../plugin/define-plugin.ts';
import { aiStage, planOf, plansOf, systemStage } from '../testing/plan-of.ts';
import { ScriptedAiProvider, scriptedRouter } from '../testing/scripted-ai-provider.ts';
import { testDesk } from '../testing/test-desk.ts';
import { StagewrightError } from '../errors/stagewright-error.ts';
import type { StageDraft } from '../testing/plan-of.ts';
import type { Action } from '../plugin/define-plugin.ts';
import type { ActionContext } from '../ports/action-context.ts';
import type { Plan, SystemStage } from '../template/plan.ts';
import type { Actor, Json, JsonObject } from '../vocabulary.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());
const ann: Actor = { kind: 'user', id: 'ann' };

type Handler = (input: JsonObject, context: ActionContext) => Promise<Json>;

/** Actions `test/<name>` that do what the test says. */
function actionsOf(handlers: Record<string, Handler>, given: Partial<Action> = {}) {
  const actions = Object.entries(handlers).map(([name, run]): Action => ({
    id: `test/${name}`,
    description: name,
    input: { type: 'object', properties: { n: { type: 'number', default: 1 } }, additionalProperties: false },
    output: {},
    scopes: [],
    idempotency: 'natural',
    run,
    examples: [{ title: 'One', with: {}, expect: { output: null } }],
    ...given,
  }));
  const plugin = definePlugin({
    name: 'test',
    version: '1.0.0',
    title: 'Test',
    description: 'Test.',
    actions,
  });
  return createActionRegistry([plugin], { readAsset: () => Promise.resolve(new Uint8Array([7])) });
}

function deskOf(plan: Plan, actions = actionsOf({}), ai = new ScriptedAiProvider([])) {
  return testDesk({ plans: plansOf(plan), ai: scriptedRouter(ai), isolation, actions });
}

async function runTo(desk: ReturnType<typeof deskOf>, template = 'test') {
  const { id } = await desk.engine.create('w', { template, inputs: {} }, ann);
  await desk.engine.quiet();
  return { id, view: await desk.engine.get('w', id), attempts: desk.store.attempts(id) };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const call = (name: string, given: Partial<SystemStage> = {}): StageDraft =>
  systemStage('act', `test/${name}`, given);
const literal = (value: Json) => ({ kind: 'literal', value }) as const;

describe('a system stage calls its action', () => {
  it('with defaults filled in, the artifacts it wrote, and the same key on every try', async () => {
    const seen: ActionContext[] = [];
    const actions = actionsOf({
      write: async (input, context) => {
        seen.push(context);
        if (seen.length === 1) throw new StagewrightError('FLAKY', 'once', { retryable: true });
        const content = new TextEncoder().encode(JSON.stringify(input));
        const ref = await context.artifacts.write({
          name: 'a.json',
          type: 'file',
          mediaType: 'application/json',
          content,
        });
        return ref as unknown as Json;
      },
    });
    const desk = deskOf(planOf([call('write')]), actions);
    const { id } = await runTo(desk);
    desk.clock.advance(60_000);
    await desk.engine.recover();
    await desk.engine.quiet();
    const view = await desk.engine.get('w', id);
    expect(view).toMatchObject({ state: 'done', artifacts: [{ name: 'a.json' }] });
    const { content } = await desk.artifacts.get('w', view.artifacts[0]!.artifact);
    expect(new TextDecoder().decode(content)).toBe('{"n":1}');
    expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(new Set(seen.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(seen[0]?.fetch).toBeUndefined();
    expect(seen[0]?.startRun).toBeUndefined();
  });

  it.each<[string, Partial<SystemStage>, Partial<Action>, string]>([
    ['an input that breaks its contract', { with: { m: literal(1) } }, {}, 'ACTION_INPUT_INVALID'],
    ['a scope that nobody granted', {}, { scopes: ['test:write'] }, 'PERMISSION_MISSING'],
    ['an output that breaks its contract', {}, { output: { type: 'number' } }, 'ACTION_OUTPUT_INVALID'],
  ])('and refuses %s', async (_what, stage, action, code) => {
    const { view, attempts } = await runTo(
      deskOf(planOf([call('say', stage)]), actionsOf({ say: () => Promise.resolve('x') }, action)),
    );
    expect(view).toMatchObject({ state: 'failed', stages: [{ error: { code, retryable: false } }] });
    expect(attempts).toHaveLength(1);
  });

  it('and refuses two artifacts of one name in one attempt', async () => {
    const file = { name: 'a', type: 'file', mediaType: 'text/plain', content: new Uint8Array() };
    const actions = actionsOf({
      twice: async (_input, { artifacts }) => {
        await artifacts.write(file);
        await artifacts.write(file);
        return null;
      },
    });
    expect((await runTo(deskOf(planOf([call('twice')]), actions))).view.stages[0]?.error?.code).toBe(
      'ARTIFACT_NAME_TAKEN',
    );
  });

  it('and ends it when its time is up, also when it ignores its signal', async () => {
    const desk = deskOf(
      planOf([call('hang', { timeoutMs: 5_000, retry: { attempts: 1, delayMs: 0, maxDelayMs: 0 } })]),
      actionsOf({
        hang: () => new Promise(() => undefined),
      }),
    );
    const { id } = await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
    await settle();
    desk.clock.advance(5_000);
    await desk.engine.quiet();
    expect((await desk.engine.get('w', id)).stages[0]?.error).toMatchObject({
      code: 'TASK_TIMEOUT',
      retryable: true,
    });
  });

  const toolCall = (timeoutMs = 60_000) =>
    systemStage('act', 'tool/call', { with: { action: literal('test/send') }, timeoutMs });

  it('and leaves a call to a person that took too long, when nobody can tell its effect', async () => {
    const slow = actionsOf({ send: () => new Promise(() => undefined) }, { idempotency: 'none' });
    for (const stage of [call('send', { timeoutMs: 5_000 }), toolCall(5_000)]) {
      const desk = deskOf(planOf([stage]), slow);
      const { id } = await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
      await settle();
      desk.clock.advance(5_000);
      await desk.engine.quiet();
      expect((await desk.engine.get('w', id)).state).toBe('input_pending');
    }
  });

  it.each([
    ['', call('send')],
    [', also when it was called by another one', toolCall()],
  ])('and never repeats by itself an action whose effect nobody can tell%s', async (_how, stage) => {
    const crash = actionsOf({ send: () => new Promise(() => undefined) }, { idempotency: 'none' });
    const plan = planOf([stage]);
    const first = deskOf(plan, crash);
    const { id } = await first.engine.create('w', { template: 'test', inputs: {} }, ann);
    await settle();
    await first.engine.close(0);
    const again = jest.fn<Handler>(() => Promise.resolve(null));
    const ports = {
      ...first.ports,
      actions: actionsOf({ send: again }, { idempotency: 'none' }),
      queue: new InProcessStageQueue(),
    };
    const engine = createEngine(ports);
    await engine.recover();
    await engine.quiet();
    expect(again).not.toHaveBeenCalled();
    expect(await engine.get('w', id)).toMatchObject({
      state: 'input_pending',
      waitingFor: [{ kind: 'review', task: 'act', attempt: 1, code: 'ACTION_OUTCOME_UNKNOWN' }],
    });
  });
});

describe('a person stops a run', () => {
  it('by cancelling it: the call is aborted, its late result changes nothing, the attempt is kept', async () => {
    let signal: AbortSignal | undefined;
    let finish: (value: Json) => void = () => undefined;
    const actions = actionsOf({
      slow: (_input, context) => {
        signal = context.signal;
        return new Promise((resolve) => (finish = resolve));
      },
    });
    const desk = deskOf(planOf([call('slow')]), actions);
    const { id } = await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
    await settle();
    expect((await desk.engine.send('w', id, { type: 'cancel', actor: ann })).state).toBe('cancelled');
    expect(signal?.aborted).toBe(true);
    finish('too late');
    await desk.engine.quiet();
    expect(await desk.engine.get('w', id)).toMatchObject({ state: 'cancelled', stages: [{ output: null }] });
    expect(desk.store.attempts(id)).toMatchObject([{ state: 'cancelled', attempt: 1 }]);
  });

  it('by pausing it: what is under way ends, nothing new begins until it is resumed', async () => {
    const ai = new ScriptedAiProvider(['one', 'two']);
    const desk = deskOf(planOf([aiStage('one'), aiStage('two')]), actionsOf({}), ai);
    const { id } = await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
    await desk.engine.send('w', id, { type: 'pause', actor: ann });
    await desk.engine.quiet();
    expect(ai.requests).toHaveLength(1);
    expect(await desk.engine.get('w', id)).toMatchObject({
      state: 'paused',
      stages: [{ state: 'done' }, { state: 'pending' }],
    });
    await desk.engine.quiet();
    expect(desk.engine.load.runs).toBe(0);
    await desk.engine.send('w', id, { type: 'resume', actor: ann });
    await desk.engine.quiet();
    expect((await desk.engine.get('w', id)).state).toBe('done');
  });

  it('and is refused, with its neighbours in the batch unharmed, when the verb does not apply', async () => {
    const desk = deskOf(planOf([call('ok')]), actionsOf({ ok: () => new Promise(() => undefined) }));
    const { id } = await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
    const outcomes = await Promise.allSettled([
      desk.engine.send('w', id, { type: 'resume', actor: ann }),
      desk.engine.send('w', id, { type: 'pause', actor: ann }),
      desk.engine.send('elsewhere', id, { type: 'cancel', actor: ann }),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'fulfilled', 'rejected']);
    expect(outcomes[0]).toMatchObject({ reason: { code: 'STATE_CONFLICT' } });
    expect(outcomes[2]).toMatchObject({ reason: { code: 'RUN_NOT_FOUND' } });
    await desk.engine.close(0);
  });
});

describe('at its end', () => {
  it('a run calls its end actions, again when they fail, always with the same key', async () => {
    const keys: string[] = [];
    const actions = actionsOf({
      tell: (_input, { idempotencyKey }) => {
        keys.push(idempotencyKey);
        return keys.length < 3
          ? Promise.reject(new StagewrightError('DOWN', 'down', { retryable: true }))
          : Promise.resolve('told');
      },
      ok: () => Promise.resolve(1),
    });
    const plan = planOf([call('ok')], { onComplete: [{ uses: 'test/tell', if: null, with: {} }] });
    const desk = deskOf(plan, actions);
    const { id, view } = await runTo(desk);
    expect(view.state).toBe('done');
    for (let minute = 0; minute < 10; minute += 1) {
      desk.clock.advance(60_000);
      await desk.engine.recover();
      await desk.engine.quiet();
    }
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(
      desk.store
        .attempts(id)
        .filter((attempt) => attempt.task === 'end-action:0')
        .map(({ state }) => state),
    ).toEqual(['failed', 'failed', 'done']);
  });

  it('a run starts another one, once, however often the call is repeated', async () => {
    const input = { template: literal('child') };
    const stage = systemStage('go', 'workflow/start', { with: input, permissions: ['runs:start'] });
    const child = planOf([call('ok')], { name: 'child' });
    const desk = testDesk({
      plans: plansOf(planOf([stage, { ...stage, id: 'again', cache: false }]), child),
      ai: scriptedRouter(),
      isolation,
      actions: actionsOf({ ok: () => Promise.resolve(1) }),
    });
    const { view } = await runTo(desk);
    const ids = view.stages.map((one) => (one.output as { run: string }).run);
    expect(new Set(ids).size).toBe(2);
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect((await desk.engine.get('w', ids[0]!)).state).toBe('done');
    const same = await Promise.all(
      [1, 2].map(() => desk.engine.create('w', { template: 'child', inputs: {}, key: 'k' }, ann)),
    );
    expect(same[0]?.id).toBe(same[1]?.id);
  });

  it('tool/call reaches another action, but not with scopes that the stage does not hold, and not itself', async () => {
    const target = (action: string) => systemStage('act', 'tool/call', { with: { action: literal(action) } });
    const plain = actionsOf({ ok: () => Promise.resolve(42) });
    expect((await runTo(deskOf(planOf([target('test/ok')]), plain))).view.stages[0]?.output).toBe(42);
    expect((await runTo(deskOf(planOf([target('workflow/start')]), plain))).view.stages[0]?.error?.code).toBe(
      'PERMISSION_MISSING',
    );
    expect((await runTo(deskOf(planOf([target('tool/call')]), plain))).view.stages[0]?.error?.code).toBe(
      'ACTION_UNKNOWN',
    );
  });
});

describe('what a run is made of', () => {
  it('is frozen: the lock names models, plugins and placeholder, and later routers change nothing', async () => {
    const offline = new ScriptedAiProvider(['made up'], { name: 'offline', placeholder: true });
    const plan = planOf([aiStage('one'), call('ok')]);
    const desk = testDesk({
      plans: plansOf(plan),
      ai: scriptedRouter(offline),
      isolation,
      actions: actionsOf({ ok: () => Promise.resolve(1) }),
    });
    const draft = await desk.engine.create('w', { template: 'test', inputs: {}, start: false }, ann);
    expect(draft).toMatchObject({ state: 'draft', placeholder: true });
    const gone = createEngine({
      ...desk.ports,
      ai: scriptedRouter(new ScriptedAiProvider(['x'], { name: 'other' })),
      queue: new InProcessStageQueue(),
    });
    await gone.send('w', draft.id, { type: 'start', actor: ann });
    await gone.quiet();
    expect((await gone.get('w', draft.id)).stages[0]?.error).toMatchObject({
      code: 'PROVIDER_NOT_CONFIGURED',
      retryable: false,
    });
    const [created] = (await desk.store.load(draft.id))?.entries[0]?.facts ?? [];
    expect(created).toMatchObject({
      lock: {
        models: { default: { provider: 'offline', model: 'default-model' } },
        plugins: { test: '1.0.0' },
      },
    });
  });

  it('is refused with every fault of its inputs', async () => {
    const inputs = {
      type: 'object',
      required: ['topic', 'n'],
      properties: {
        topic: { type: 'string' },
        n: { type: 'integer' },
        files: { type: 'array', items: { type: 'string', format: 'artifact' } },
      },
    };
    const desk = deskOf(planOf([call('ok')], { inputs }));
    const create = desk.engine.create(
      'w',
      { template: 'test', inputs: { topic: 7, files: ['nowhere'] } },
      ann,
    );
    const error = (await create.catch((reason: unknown) => reason)) as StagewrightError;
    expect(error.code).toBe('INPUT_INVALID');
    const paths = (error.details?.['violations'] as Array<{ path: string; keyword: string }>).map(
      ({ path, keyword }) => `${path} ${keyword}`,
    );
    expect(paths.sort()).toEqual(['/files/0 format', '/n required', '/topic type']);
  });
});

describe('many tasks', () => {
  it('200 of them keep to the limits of template and process, and their outputs keep their order', async () => {
    let busy = 0;
    let most = 0;
    const items = Array.from({ length: 200 }, (_, index) => index);
    const actions = actionsOf({
      work: async (input) => {
        busy += 1;
        most = Math.max(most, busy);
        await new Promise((resolve) => setImmediate(resolve));
        busy -= 1;
        return input['n'] ?? null;
      },
    });
    const forEach = { source: 'inputs.items', as: 'item', concurrency: 10 };
    const plan = planOf([call('work', { forEach, with: { n: { kind: 'expression', source: 'index' } } })]);
    const desk = testDesk(
      { plans: plansOf(plan), ai: scriptedRouter(), isolation, actions },
      { concurrency: { ai: 1, system: 4 } },
    );
    const { id } = await desk.engine.create('w', { template: 'test', inputs: { items } }, ann);
    await desk.engine.quiet();
    const view = await desk.engine.get('w', id);
    expect(view.stages[0]).toMatchObject({ error: null, output: items });
    expect(most).toBeLessThanOrEqual(4);
    expect(most).toBeGreaterThan(1);
  });
});
