import { afterAll, describe, expect, it } from '@jest/globals';
import { createActionRegistry } from './action-registry.ts';
import { createIsolation } from '../isolation/index.ts';
import { definePlugin } from '../plugin/define-plugin.ts';
import { aiStage, planOf, plansOf, promptOf } from '../testing/plan-of.ts';
import { ScriptedAiProvider, scriptedRouter } from '../testing/scripted-ai-provider.ts';
import { testDesk } from '../testing/test-desk.ts';
import { ProviderError } from '../ports/provider-error.ts';
import type { StageDraft } from '../testing/plan-of.ts';
import type { AiScript } from '../testing/scripted-ai-provider.ts';
import type { AiStage, Gate } from '../template/plan.ts';
import type { Actor } from '../vocabulary.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());
const ann: Actor = { kind: 'user', id: 'ann' };
const TITLE = {
  type: 'object',
  required: ['title'],
  properties: { title: { type: 'string' } },
  additionalProperties: false,
};
const GATE: Gate = {
  approvers: [],
  quorum: 1,
  selfApproval: true,
  deadlineMs: null,
  onDeadline: null,
  maxAttempts: 5,
};
const ONCE = { retry: { attempts: 1, delayMs: 0, maxDelayMs: 0 } };

const math = definePlugin({
  name: 'math',
  version: '1.0.0',
  title: 'Math',
  description: 'Adds.',
  actions: [
    {
      id: 'math/double',
      description: 'Doubles a number.',
      input: {
        type: 'object',
        required: ['n'],
        properties: { n: { type: 'number' } },
        additionalProperties: false,
      },
      output: { type: 'number' },
      scopes: ['math:use'],
      idempotency: 'natural',
      run: (input) => Promise.resolve((input['n'] as number) * 2),
      examples: [{ title: 'Two', with: { n: 1 }, expect: { output: 2 } }],
    },
  ],
});
const actions = createActionRegistry([math], { readAsset: () => Promise.reject(new Error('none')) });

async function run(script: AiScript, stages: StageDraft[], others: ScriptedAiProvider[] = []) {
  const ai = new ScriptedAiProvider(script);
  const desk = testDesk({
    plans: plansOf(planOf(stages)),
    ai: scriptedRouter(ai, ...others),
    isolation,
    actions,
  });
  const { id } = await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
  await desk.engine.quiet();
  return { ai, desk, id, view: await desk.engine.get('w', id), attempts: desk.store.attempts(id) };
}
const one = (given: Partial<AiStage>) => [aiStage('one', { ...ONCE, ...given })];

describe('an answer that breaks its contract', () => {
  it('is shown to the model once with what is wrong, and the mended answer is taken', async () => {
    const { ai, view } = await run(
      [{ json: { titel: 'x' } }, { json: { title: 'Tea' } }],
      one({ output: TITLE }),
    );
    expect(view.stages[0]?.output).toEqual({ title: 'Tea' });
    const [user, assistant, repair] = ai.requests[1]?.messages ?? [];
    expect(user).toMatchObject({ role: 'user', text: 'Write one.' });
    expect(assistant).toMatchObject({ role: 'assistant', text: '{"titel":"x"}' });
    expect(repair).toMatchObject({ role: 'user', text: expect.stringContaining('title') });
    expect(view.spent).toEqual({ inputTokens: 20, outputTokens: 10, usd: 0.02 });
  });

  it.each([
    ['cut JSON', '{"title": "Te'],
    ['two documents', '{"title":"a"} {"title":"b"}'],
    ['text before it', 'Here you are: {"title":"a"}'],
    ['NaN', '{"title": NaN}'],
    ['20,000 levels', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['5 MB', JSON.stringify({ title: 'x'.repeat(5_000_000) })],
    ['a forbidden key', '{"title":"a","__proto__":{"admin":true}}'],
  ])('fails for good after one repair round, with the raw text kept: %s', async (_what, bad) => {
    const { ai, view, attempts } = await run([bad, bad], [aiStage('one', { output: TITLE })]);
    expect(ai.requests).toHaveLength(2);
    expect(view.stages[0]?.error).toMatchObject({ code: 'OUTPUT_INVALID', retryable: false });
    expect(attempts).toHaveLength(1);
    expect(attempts[0]?.raw?.slice(0, 10)).toBe(bad.slice(0, 10));
    expect(Buffer.byteLength(attempts[0]?.raw ?? '')).toBeLessThanOrEqual(256 * 1024);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it.each([
    ['max_tokens', 'OUTPUT_TRUNCATED'],
    ['refusal', 'PROVIDER_REFUSED'],
  ] as const)('is not used in part when the model stopped for %s', async (stopReason, code) => {
    const calls = [{ id: '1', name: 'math__double', input: { n: 1 } }];
    const { ai, view, attempts } = await run(
      [{ result: { text: 'half', stopReason, toolCalls: calls } }],
      one({}),
    );
    expect(ai.requests).toHaveLength(1);
    expect(view.stages[0]?.error).toMatchObject({ code, details: { raw: 'half' } });
    expect(attempts[0]?.toolCalls).toEqual([]);
  });
});

describe('a service that fails', () => {
  const busy = new ProviderError('PROVIDER_RATE_LIMITED', 'Slow down', {
    retryable: true,
    retryAfterMs: 20_000,
  });

  it('is asked again not before its Retry-After', async () => {
    const { desk, ai, id } = await run([{ error: busy }, 'fine'], [aiStage('one')]);
    desk.clock.advance(19_999);
    await desk.engine.recover();
    await desk.engine.quiet();
    expect(ai.requests).toHaveLength(1);
    desk.clock.advance(30_000);
    await desk.engine.recover();
    await desk.engine.quiet();
    expect(await desk.engine.get('w', id)).toMatchObject({
      state: 'done',
      stages: [{ output: 'fine', tasks: [{ attempt: 2 }] }],
    });
    expect(ai.requests[0]?.idempotencyKey).toBe(ai.requests[1]?.idempotencyKey);
  });

  it('hands over to the next alias of the template within the same try', async () => {
    const spare = new ScriptedAiProvider(['from the spare'], { name: 'spare' });
    const { ai, view, attempts } = await run([{ error: busy }], one({ models: ['default', 'spare'] }), [
      spare,
    ]);
    expect([ai.requests.length, spare.requests.length]).toEqual([1, 1]);
    expect(view.stages[0]).toMatchObject({ output: 'from the spare', tasks: [{ attempt: 1 }] });
    expect(attempts[0]).toMatchObject({ provider: 'spare', model: 'spare-model', state: 'done' });
  });

  it('does not hand over what another service would refuse as well', async () => {
    const wrong = new ProviderError('PROVIDER_REJECTED', 'Bad request');
    const spare = new ScriptedAiProvider(['never'], { name: 'spare' });
    const { view } = await run([{ error: wrong }], one({ models: ['default', 'spare'] }), [spare]);
    expect(spare.requests).toHaveLength(0);
    expect(view.stages[0]?.error?.code).toBe('PROVIDER_REJECTED');
  });
});

describe('a model that calls tools', () => {
  const tooled = (given: Partial<AiStage> = {}) =>
    one({ tools: ['math/double'], permissions: ['math:use'], ...given });
  const call = (id: string, n: unknown, name = 'math__double') => ({ id, name, input: { n } as never });

  it('gets what they gave, in order, and answers with it', async () => {
    const { ai, view, attempts } = await run(
      [{ toolCalls: [call('a', 2), call('b', 5)] }, 'four and ten'],
      tooled(),
    );
    expect(ai.requests[0]?.tools).toEqual([expect.objectContaining({ name: 'math__double' })]);
    expect(ai.requests[1]?.messages.slice(2)).toEqual([
      { role: 'tool', callId: 'a', content: '4', isError: false },
      { role: 'tool', callId: 'b', content: '10', isError: false },
    ]);
    expect(view.stages[0]?.output).toBe('four and ten');
    expect(attempts[0]?.toolCalls.map(({ action, output }) => [action, output])).toEqual([
      ['math/double', 4],
      ['math/double', 10],
    ]);
  });

  it.each([
    ['a tool that is not listed', call('a', 2, 'mail__send'), {}, 'TOOL_NOT_ALLOWED'],
    ['an input that breaks its contract', call('a', 'two'), {}, 'ACTION_INPUT_INVALID'],
    ['a scope that the stage does not hold', call('a', 2), { permissions: [] }, 'PERMISSION_MISSING'],
  ])('is told of %s, and the call counts', async (_what, bad, given, code) => {
    const { ai, attempts } = await run([{ toolCalls: [bad] }, 'sorry'], tooled(given));
    expect(ai.requests[1]?.messages.at(-1)).toMatchObject({
      role: 'tool',
      isError: true,
      content: expect.stringContaining(code),
    });
    expect(attempts[0]?.toolCalls).toEqual([
      expect.objectContaining({ error: expect.objectContaining({ code }) }),
    ]);
  });

  it.each([[3], [100], [1_000_000]])(
    'is stopped when it asks for more than %d calls, and never above 100',
    async (maxToolCalls) => {
      let asked = 0;
      const { view, attempts } = await run(
        () => ({ toolCalls: [call(`c${asked++}`, asked)] }),
        tooled({ maxToolCalls }),
      );
      expect(view.stages[0]?.error?.code).toBe('BUDGET_EXCEEDED');
      expect(attempts[0]?.toolCalls).toHaveLength(Math.min(100, maxToolCalls));
    },
  );

  it('never has one of two calls with the same id carried out', async () => {
    const { view, attempts } = await run([{ toolCalls: [call('a', 1), call('a', 2)] }], tooled());
    expect(view.stages[0]?.error?.code).toBe('PROVIDER_PROTOCOL');
    expect(attempts[0]?.toolCalls).toEqual([]);
  });
});

describe('a reviewer who asks for changes', () => {
  it('is heard: remarks and the last answer are in the prompt, also of one that does not speak of them', async () => {
    const ai = new ScriptedAiProvider(['long', 'short']);
    const desk = testDesk({
      plans: plansOf(planOf(one({ approval: GATE }))),
      ai: scriptedRouter(ai),
      isolation,
    });
    const { id } = await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
    await desk.engine.quiet();
    const comments = [{ body: 'Shorter, {{please}}', path: '/0', line: 2 }];
    await desk.engine.send('w', id, {
      type: 'request-changes',
      actor: ann,
      stage: 'one',
      round: 1,
      comments,
    });
    await desk.engine.quiet();
    const [, second] = ai.requests;
    expect(second?.messages[0]).toMatchObject({
      text: expect.stringContaining('(at /0, line 2) Shorter, {{please}}'),
    });
    expect(second?.messages[0]).toMatchObject({ text: expect.stringContaining('long') });
    expect((await desk.engine.get('w', id)).stages[0]?.output).toBe('short');
  });

  it('is heard once by a prompt that speaks of remarks itself', async () => {
    const prompt = promptOf(
      'Write.{{#if feedback}}{{#each feedback as |r|}} Mind: {{r.body}}{{/each}} Was: {{previous}}{{/if}}',
    );
    const ai = new ScriptedAiProvider(['long', 'short']);
    const desk = testDesk({
      plans: plansOf(planOf(one({ approval: GATE, prompt }))),
      ai: scriptedRouter(ai),
      isolation,
    });
    const { id } = await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
    await desk.engine.quiet();
    await desk.engine.send('w', id, {
      type: 'request-changes',
      actor: ann,
      stage: 'one',
      round: 1,
      comments: [{ body: 'less' }],
    });
    await desk.engine.quiet();
    expect(ai.requests.map((request) => request.messages[0])).toEqual([
      { role: 'user', text: 'Write.' },
      { role: 'user', text: 'Write. Mind: less Was: long' },
    ]);
  });
});

describe('what did not change is not paid for twice', () => {
  it('a rerun reuses the output of every task whose inputs are the same, also after remarks were taken up', async () => {
    const ai = new ScriptedAiProvider(['plan', 'better plan', 'text', 'other text']);
    const stages = [
      aiStage('plan', { approval: GATE }),
      aiStage('text', { prompt: promptOf('Write {{stages.plan.output}}') }),
    ];
    const desk = testDesk({ plans: plansOf(planOf(stages)), ai: scriptedRouter(ai), isolation });
    const { id } = await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
    await desk.engine.quiet();
    await desk.engine.send('w', id, {
      type: 'request-changes',
      actor: ann,
      stage: 'plan',
      round: 1,
      comments: [{ body: 'x' }],
    });
    await desk.engine.quiet();
    await desk.engine.send('w', id, { type: 'approve', actor: ann, stage: 'plan', round: 2 });
    await desk.engine.quiet();
    expect(ai.requests).toHaveLength(3);
    await desk.engine.send('w', id, { type: 'rerun', actor: ann, from: 'plan' });
    await desk.engine.quiet();
    await desk.engine.send('w', id, { type: 'approve', actor: ann, stage: 'plan', round: 3 });
    await desk.engine.quiet();
    expect(ai.requests).toHaveLength(3);
    expect(await desk.engine.get('w', id)).toMatchObject({
      state: 'done',
      stages: [{ output: 'better plan' }, { output: 'text' }],
    });
  });

  it('an upgrade pays for the stage whose prompt was edited, and for what follows from it', async () => {
    const before = planOf([aiStage('a'), aiStage('b'), aiStage('c', { needs: ['a'] })]);
    const after = planOf([
      aiStage('a'),
      aiStage('b', { prompt: promptOf('Write b anew.') }),
      aiStage('c', { needs: ['a'] }),
    ]);
    const ai = new ScriptedAiProvider((request) => `${JSON.stringify(request.messages[0])}`);
    const desk = testDesk({ plans: plansOf(before, after), ai: scriptedRouter(ai), isolation });
    const { id } = await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
    await desk.engine.quiet();
    await desk.engine.upgrade('w', id, { revision: after.digest }, ann);
    await desk.engine.quiet();
    expect(await desk.engine.get('w', id)).toMatchObject({
      state: 'done',
      revision: { digest: after.digest },
    });
    expect(ai.requests.map((request) => (request.messages[0] as { text: string }).text).sort()).toEqual([
      'Write a.',
      'Write b anew.',
      'Write b.',
      'Write c.',
    ]);
  });
});
