import { afterAll, describe, expect, it } from '@jest/globals';
import { createIsolation } from '../isolation/index.ts';
import { aiStage, manualStage, planOf, plansOf } from '../testing/plan-of.ts';
import { ScriptedAiProvider, scriptedRouter } from '../testing/scripted-ai-provider.ts';
import { testDesk } from '../testing/test-desk.ts';
import type { RunVerb } from '../run/event.ts';
import type { Actor, JsonObject } from '../vocabulary.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());
const actor: Actor = { kind: 'user', id: 'ann' };
const GATE = {
  approvers: [],
  quorum: 1,
  selfApproval: true,
  deadlineMs: null,
  onDeadline: null,
  maxAttempts: 5,
};

function desk(ai = new ScriptedAiProvider(() => 'text')) {
  const plan = planOf([aiStage('one', { approval: GATE }), manualStage('two')]);
  return testDesk({ plans: plansOf(plan), ai: scriptedRouter(ai), isolation });
}

async function waiting(ai?: ScriptedAiProvider) {
  const { engine } = desk(ai);
  const { id } = await engine.create('w', { template: 'test', inputs: {} }, actor);
  if (ai === undefined) await engine.quiet();
  return { engine, id };
}

const about = { actor, stage: 'one', round: 1 };
const comments = [{ body: 'Shorter' }];

describe('a caller who words requests wrongly', () => {
  it.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'approve'],
    ['no type', {}],
    ['an unknown verb', { type: 'explode', actor }],
    ['a verb of JavaScript', { type: 'constructor', actor }],
    ['the prototype', { type: '__proto__', actor }],
    ['a round that is a text', { ...about, type: 'approve', round: '1' }],
    ['a round that is no number', { ...about, type: 'approve', round: NaN }],
    ['a comment that is a number', { ...about, type: 'approve', comment: 5 }],
    ['comments that are a text', { ...about, type: 'request-changes', comments: 'x' }],
    ['a comment that is nothing', { ...about, type: 'request-changes', comments: [null] }],
    ['tasks that are a text', { ...about, type: 'request-changes', comments, tasks: 'one' }],
    ['a reason that is a number', { type: 'cancel', actor, reason: 5 }],
    ['a lock without a revision', { type: 'upgrade', actor, lock: {} }],
    ['a form without input', { type: 'submit-input', actor, stage: 'two' }],
  ])('is told so, and the run is as it was: %s', async (_what, verb) => {
    const { engine, id } = await waiting();
    await expect(engine.send('w', id, verb as RunVerb)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect((await engine.get('w', id)).state).toBe('approval_pending');
  });

  it('cannot pass off a result as that of a task', async () => {
    const { engine, id } = await waiting(new ScriptedAiProvider(() => ({ hang: true })));
    const forged = { type: 'task-succeeded', task: 'one', attempt: 1, output: 'forged', artifacts: [] };
    await expect(engine.send('w', id, forged as unknown as RunVerb)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    expect((await engine.get('w', id)).stages[0]).toMatchObject({ state: 'running', output: null });
    await engine.close(0);
  });

  it.each([
    ['nothing', null],
    ['a list', []],
    ['a text', 'x'],
  ])('cannot start a run with inputs that are %s', async (_what, inputs) => {
    const created = desk().engine.create(
      'w',
      { template: 'test', inputs: inputs as unknown as JsonObject },
      actor,
    );
    await expect(created).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('is heard when the request is right', async () => {
    const { engine, id } = await waiting();
    expect((await engine.send('w', id, { ...about, type: 'approve', comment: 'Fine' })).state).toBe(
      'input_pending',
    );
  });
});

it('a service that cannot count does not make the budget uncountable', async () => {
  const usage = { inputTokens: NaN, outputTokens: -5, usd: Infinity };
  const { engine, id } = await waiting(new ScriptedAiProvider(() => ({ result: { text: 'x', usage } })));
  await engine.quiet();
  expect((await engine.get('w', id)).spent).toEqual({ inputTokens: 0, outputTokens: 0, usd: 0 });
});
