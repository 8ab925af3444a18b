import { afterAll, describe, expect, it } from '@jest/globals';
import { createActionRegistry } from './action-registry.ts';
import { InProcessStageQueue } from './in-process-stage-queue.ts';
import { createIsolation } from '../isolation/index.ts';
import { definePlugin } from '../plugin/define-plugin.ts';
import { aiStage, planOf, plansOf, promptOf, systemStage } from '../testing/plan-of.ts';
import { ScriptedAiProvider, scriptedRouter } from '../testing/scripted-ai-provider.ts';
import { testDesk } from '../testing/test-desk.ts';
import type { StageDraft } from '../testing/plan-of.ts';
import type { Action } from '../plugin/define-plugin.ts';
import type { EnginePorts } from './ports.ts';
import type { AiStage, Plan, SystemStage, Value } from '../template/plan.ts';
import type { Actor, Json } from '../vocabulary.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());
const ann: Actor = { kind: 'user', id: 'ann', roles: ['approver'] };
const literal = (value: Json): Value => ({ kind: 'literal', value });

/** One action that counts its calls; `version` and what is given more stand for another release of its plugin. */
function plugin(calls: string[], version = '1.0.0', more: Partial<Action> = {}) {
  return definePlugin({
    name: 'kit',
    version,
    title: 'Kit',
    description: 'For this suite.',
    actions: [
      {
        id: 'kit/make',
        description: 'Makes a file and says how often it did.',
        input: { type: 'object' },
        output: {},
        scopes: [],
        idempotency: 'natural',
        run: async (input, { artifacts }) => {
          calls.push(JSON.stringify(input));
          const content = new TextEncoder().encode('always the same');
          return (await artifacts.write({
            name: 'a.txt',
            type: 'file',
            mediaType: 'text/plain',
            content,
          })) as unknown as Json;
        },
        examples: [{ title: 'Make', with: {}, expect: { output: {} } }],
        ...more,
      },
    ],
  });
}

const registryOf = (...given: Parameters<typeof plugin>) =>
  createActionRegistry([plugin(...given)], { readAsset: () => Promise.reject(new Error('none')) });

/** Runs `before` to its end, upgrades to `after` in a later process, and says what was asked and made in each. */
async function upgraded(
  before: Plan,
  after: Plan,
  { later = {}, calls = [] }: { later?: Partial<EnginePorts>; calls?: string[] } = {},
): Promise<{ asked: [number, number]; made: [number, number] }> {
  const ai = new ScriptedAiProvider(({ messages }) => `to ${JSON.stringify(messages[0])}`);
  const plans = plansOf(before, after);
  const first = testDesk({ plans, ai: scriptedRouter(ai), isolation, actions: registryOf(calls) });
  const { id } = await first.engine.create(
    'w',
    { template: 'test', inputs: {}, revision: before.digest },
    ann,
  );
  await first.engine.quiet();
  await first.engine.close(0);
  const [asked, made] = [ai.requests.length, calls.length];
  const second = testDesk({ ...first.ports, queue: new InProcessStageQueue(), ...later });
  await second.engine.upgrade('w', id, { revision: after.digest }, ann);
  await second.engine.quiet();
  expect(await second.engine.get('w', id)).toMatchObject({
    state: 'done',
    revision: { digest: after.digest },
  });
  return { asked: [asked, ai.requests.length - asked], made: [made, calls.length - made] };
}

const asks = (given: Partial<AiStage> = {}): Plan => planOf([aiStage('a', given)], { version: '1.0.0' });
const revised = (given: Partial<AiStage> = {}): Plan => planOf([aiStage('a', given)], { version: '2.0.0' });

describe('a model is asked again after an upgrade', () => {
  it.each<[string, Partial<AiStage>]>([
    ['another prompt', { prompt: promptOf('Write a, briefly.') }],
    ['a system prompt', { system: promptOf('Be kind.') }],
    ['another contract', { output: { type: 'string' } }],
    ['another temperature', { temperature: 0.5 }],
    ['another limit of tokens', { maxTokens: 50 }],
    ['another list of models', { models: ['default', 'spare'] }],
    ['a tool', { tools: ['kit/make'] }],
    ['`cache: false`', { cache: false }],
  ])('under %s', async (_what, given) => {
    const answer = { prompt: promptOf('"a"') };
    const echo = new ScriptedAiProvider(() => '"an answer"');
    const later = { ai: scriptedRouter(echo) };
    await upgraded(asks(given.prompt === undefined ? answer : {}), revised({ ...answer, ...given }), {
      later,
    });
    expect(echo.requests).toHaveLength(1);
  });

  it.each<[string, Partial<AiStage>]>([
    ['a comment in the prompt', { prompt: promptOf('Write a.{{! not too long }}') }],
    ['another name and description', { name: 'Another', description: 'Other words' }],
    ['more patience', { timeoutMs: 90_000, retry: { attempts: 5, delayMs: 1, maxDelayMs: 1 } }],
    ['nothing but another version', {}],
  ])('but not under %s', async (_what, given) => {
    expect((await upgraded(asks(), revised(given))).asked).toEqual([1, 0]);
  });

  it('when a tool of it comes from another release, does or takes something else, or may do more', async () => {
    const tooled = { tools: ['kit/make'], permissions: ['http:read'] };
    const change = async (given: Partial<AiStage>, ...release: [string?, Partial<Action>?]) => {
      const later = { actions: registryOf([], ...release) };
      return (await upgraded(asks(tooled), revised({ ...tooled, ...given }), { later })).asked;
    };
    expect(await change({})).toEqual([1, 0]);
    expect(await change({}, '1.0.1')).toEqual([1, 1]);
    expect(await change({}, '1.0.0', { description: 'Makes two files.' })).toEqual([1, 1]);
    expect(await change({}, '1.0.0', { input: { type: 'object', required: ['name'] } })).toEqual([1, 1]);
    expect(await change({ permissions: ['http:read', 'http:write'] })).toEqual([1, 1]);
    expect(await change({ maxToolCalls: 3 })).toEqual([1, 0]);
  });

  it('of another provider, or another model of it', async () => {
    const other = new ScriptedAiProvider(() => 'other', { name: 'other' });
    expect((await upgraded(asks(), revised(), { later: { ai: scriptedRouter(other) } })).asked).toEqual([
      1, 0,
    ]);
    expect(other.requests).toHaveLength(1);
  });
});

describe('an action is called again after an upgrade', () => {
  const calls = (given: Partial<SystemStage> = {}, uses = 'kit/make'): Plan =>
    planOf([systemStage('s', uses, given)], { version: '1.0.0' });
  const made = async (given: Partial<SystemStage>, release: [string?, Partial<Action>?] = []) => {
    const log: string[] = [];
    const later = { actions: registryOf(log, ...release) };
    return (
      await upgraded(calls(), planOf([systemStage('s', 'kit/make', given)], { version: '2' }), {
        calls: log,
        later,
      })
    ).made;
  };

  it('when its input, its release or its scopes are others, and not otherwise', async () => {
    expect(await made({})).toEqual([1, 0]);
    expect(await made({ description: 'Other words', timeoutMs: 1_000 })).toEqual([1, 0]);
    expect(await made({ with: { name: literal('b') } })).toEqual([1, 1]);
    expect(await made({ permissions: ['http:read'] })).toEqual([1, 1]);
    expect(await made({ cache: false })).toEqual([1, 1]);
    expect(await made({}, ['1.1.0'])).toEqual([1, 1]);
  });

  it('through `tool/call`, when the action that it calls is of another release', async () => {
    const through = { with: { action: literal('kit/make') } };
    const log: string[] = [];
    const [one, two] = [
      calls(through, 'tool/call'),
      planOf([systemStage('s', 'tool/call', through)], { version: '2' }),
    ];
    expect((await upgraded(one, two, { calls: log })).made).toEqual([1, 0]);
    const again: string[] = [];
    const later = { actions: registryOf(again, '1.1.0') };
    expect((await upgraded(one, two, { calls: again, later })).made).toEqual([1, 1]);
  });

  it('when placeholder text became real, though the input says the same', async () => {
    const stages = (): StageDraft[] => [systemStage('s', 'kit/make'), aiStage('a')];
    const log: string[] = [];
    const real = scriptedRouter(new ScriptedAiProvider(() => 'real'));
    const offline = new ScriptedAiProvider(() => 'made up', { name: 'scripted', placeholder: true });
    const plans = [planOf(stages(), { version: '1' }), planOf(stages(), { version: '2' })] as const;
    const first = testDesk({
      plans: plansOf(...plans),
      ai: scriptedRouter(offline),
      isolation,
      actions: registryOf(log),
    });
    const { id } = await first.engine.create(
      'w',
      { template: 'test', inputs: {}, revision: plans[0].digest },
      ann,
    );
    await first.engine.quiet();
    const second = testDesk({ ...first.ports, ai: real, queue: new InProcessStageQueue() });
    await second.engine.upgrade('w', id, { revision: plans[1].digest }, ann);
    await second.engine.quiet();
    expect(log).toHaveLength(2);
  });

  it('but not because a file that goes in was made again, as long as its bytes are the same', async () => {
    const log: string[] = [];
    const file: Value = { kind: 'expression', source: 'stages.first.output' };
    const plan = (name: string): Plan =>
      planOf([
        systemStage('first', 'kit/make', { with: { name: literal(name) } }),
        systemStage('then', 'kit/make', { with: { file } }),
      ]);
    expect((await upgraded(plan('one'), plan('two'), { calls: log })).made).toEqual([2, 1]);
    expect(log.at(-1)).toBe('{"name":"two"}');
  });
});
