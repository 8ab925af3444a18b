import { afterAll, describe, expect, it } from '@jest/globals';
import { createIsolation } from '../isolation/index.ts';
import { aiStage, manualStage, planOf, plansOf, promptOf, systemStage } from '../testing/plan-of.ts';
import { ScriptedAiProvider, scriptedRouter } from '../testing/scripted-ai-provider.ts';
import { testDesk } from '../testing/test-desk.ts';
import { ProviderError } from '../ports/provider-error.ts';
import type { AiScript } from '../testing/scripted-ai-provider.ts';
import type { PreviewRequest, RunPreview } from './preview.ts';
import type { StageDraft } from '../testing/plan-of.ts';
import type { Gate, Plan } from '../template/plan.ts';
import type { Actor, Json } from '../vocabulary.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());
const ann: Actor = { kind: 'user', id: 'ann', roles: ['approver'] };
const GATE: Gate = {
  approvers: ['role:approver'],
  quorum: 1,
  selfApproval: true,
  deadlineMs: null,
  onDeadline: null,
  maxAttempts: 5,
};
const LIST = { type: 'array', items: { type: 'string' } };

/** brief -> plan (approved) -> texts, one per line of the plan -> end. Every answer costs a cent and 15 tokens. */
const book = (edit: (stages: StageDraft[]) => StageDraft[] = (stages) => stages, version = '1'): Plan =>
  planOf(
    edit([
      aiStage('brief'),
      aiStage('plan', { prompt: promptOf('Plan {{stages.brief.output}}'), approval: GATE, output: LIST }),
      aiStage('texts', {
        forEach: { source: 'stages.plan.output', as: 'line', concurrency: 2 },
        prompt: promptOf('Write {{line}}'),
      }),
      aiStage('end', { prompt: promptOf('Sum up {{json stages.texts.output}}') }),
    ]),
    { version },
  );

const with_ =
  (id: string, more: object) =>
  (stages: StageDraft[]): StageDraft[] =>
    stages.map((stage) => (stage.id === id ? { ...stage, ...more } : stage));

class Desk {
  readonly ai: ScriptedAiProvider;
  readonly desk;
  id = '';

  constructor(
    plans: Plan[],
    script: AiScript = ({ messages }) => answerTo((messages[0] as { text: string }).text),
  ) {
    this.ai = new ScriptedAiProvider(script);
    this.desk = testDesk({ plans: plansOf(...plans), ai: scriptedRouter(this.ai), isolation });
  }

  async create(plan: Plan): Promise<this> {
    const { engine } = this.desk;
    this.id = (await engine.create('w', { template: 'test', inputs: {}, revision: plan.digest }, ann)).id;
    await engine.quiet();
    return this;
  }

  async finish(plan: Plan): Promise<this> {
    await this.create(plan);
    await this.desk.engine.send('w', this.id, { type: 'approve', actor: ann, stage: 'plan', round: 1 });
    await this.desk.engine.quiet();
    return this;
  }

  preview(request: PreviewRequest): Promise<RunPreview> {
    return this.desk.engine.preview('w', this.id, request, ann);
  }
}

function answerTo(prompt: string): { json: Json } | string {
  return prompt.startsWith('Plan') ? { json: ['tea', 'milk'] } : `Of: ${prompt}`;
}

const verdicts = ({ stages }: RunPreview): string[] =>
  stages.map(({ stage, verdict, dependsOn }) => [stage, verdict, ...dependsOn].join(' '));
const upgradeTo = (plan: Plan): PreviewRequest => ({ type: 'upgrade', revision: plan.digest });

describe('the preview of an upgrade', () => {
  it('asks nobody and writes nothing', async () => {
    const next = book(with_('texts', { prompt: promptOf('Write on {{line}}') }), '2');
    const desk = await new Desk([book(), next]).finish(book());
    const [asked, version] = [desk.ai.requests.length, desk.desk.store.version(desk.id)];
    await desk.preview(upgradeTo(next));
    expect(desk.ai.requests).toHaveLength(asked);
    expect(desk.desk.store.version(desk.id)).toBe(version);
    expect((await desk.desk.engine.get('w', desk.id)).state).toBe('done');
  });

  it('says what is made, what is given again, and what depends on what comes out', async () => {
    const next = book(with_('texts', { prompt: promptOf('Write on {{line}}') }), '2');
    const desk = await new Desk([book(), next]).finish(book());
    const preview = await desk.preview(upgradeTo(next));
    expect(verdicts(preview)).toEqual(['brief reuse', 'plan reuse', 'texts make', 'end depends texts']);
    expect(preview.stages.map(({ tasks }) => tasks)).toEqual([
      { make: 0, reuse: 1 },
      { make: 0, reuse: 1 },
      { make: 2, reuse: 0 },
      null,
    ]);
    expect(preview.stages.map(({ approval }) => approval)).toEqual(['none', 'stands', 'none', 'none']);
    expect(preview.stages[2]?.usd).toEqual({ least: 0.02, most: 0.02 });
    expect(preview.stages[3]?.usd).toEqual({ least: 0, most: 0.01 });
    expect(preview).toMatchObject({ usd: { least: 0.02, most: 0.03 }, tokens: { least: 30, most: 45 } });
    expect(preview.revision.digest).toBe(next.digest);
  });

  it('is right: the upgrade then does what it said', async () => {
    const next = book(
      with_('texts', { prompt: promptOf('{{#if (eq line "tea")}}Brew{{else}}Write{{/if}} {{line}}') }),
      '2',
    );
    const desk = await new Desk([book(), next]).finish(book());
    const { stages } = await desk.preview(upgradeTo(next));
    expect(stages[2]).toMatchObject({ verdict: 'make', tasks: { make: 1, reuse: 1 } });
    const before = desk.ai.requests.length;
    await desk.desk.engine.upgrade('w', desk.id, { revision: next.digest }, ann);
    await desk.desk.engine.quiet();
    expect(
      desk.ai.requests.slice(before).map(({ messages }) => (messages[0] as { text: string }).text),
    ).toEqual(['Brew tea', expect.stringMatching(/^Sum up/)]);
  });

  it('costs nothing when nothing has changed', async () => {
    const next = book(undefined, '2');
    const preview = await (await new Desk([book(), next]).finish(book())).preview(upgradeTo(next));
    expect(verdicts(preview)).toEqual(['brief reuse', 'plan reuse', 'texts reuse', 'end reuse']);
    expect(preview).toMatchObject({ usd: { least: 0, most: 0 }, tokens: { least: 0, most: 0 } });
  });

  it('says that an approval may stand, or must be given again', async () => {
    const other = book(with_('plan', { approval: { ...GATE, quorum: 2 } }), '2');
    const edited = book(with_('brief', { prompt: promptOf('Write it down.') }), '3');
    const desk = await new Desk([book(), other, edited]).finish(book());
    expect((await desk.preview(upgradeTo(other))).stages[1]).toMatchObject({
      verdict: 'reuse',
      approval: 'again',
    });
    const preview = await desk.preview(upgradeTo(edited));
    expect(verdicts(preview)).toEqual([
      'brief make',
      'plan depends brief',
      'texts depends plan',
      'end depends texts',
    ]);
    expect(preview.stages[1]?.approval).toBe('depends');
    expect(preview.usd).toEqual({ least: 0.01, most: 0.05 });
  });

  it('says what cannot begin, and of what nobody knows the price', async () => {
    const broken = book(with_('texts', { prompt: promptOf('Write {{line.nothing.at.all}}') }), '2');
    const more = book((stages) => [...stages, aiStage('extra')], '3');
    const desk = await new Desk([book(), broken, more]).finish(book());
    const failing = await desk.preview(upgradeTo(broken));
    expect(failing.stages[2]).toMatchObject({ verdict: 'fail', error: { code: 'PROMPT_VAR_UNKNOWN' } });
    const preview = await desk.preview(upgradeTo(more));
    expect(preview.stages[4]).toMatchObject({ verdict: 'make', usd: { least: 0, most: null } });
    expect(preview.usd).toEqual({ least: 0, most: null });
  });

  it('does not take an unknown price for nothing', async () => {
    const usage = { inputTokens: 7, outputTokens: 3, usd: null };
    const one = planOf([aiStage('a')], { version: '1' });
    const two = planOf([aiStage('a', { temperature: 1 })], { version: '2' });
    const desk = await new Desk([one, two], () => ({ result: { text: 'x', usage } })).create(one);
    expect(await desk.preview(upgradeTo(two))).toMatchObject({
      usd: { least: 0, most: null },
      tokens: { least: 10, most: 10 },
    });
  });
});

describe('the preview of a rerun', () => {
  it('opens gates and forms again, and gives again what did not change', async () => {
    const desk = await new Desk([book()]).finish(book());
    const preview = await desk.preview({ type: 'rerun', from: 'plan' });
    expect(verdicts(preview)).toEqual(['brief keep', 'plan reuse', 'texts reuse', 'end reuse']);
    expect(preview.stages.map(({ approval }) => approval)).toEqual(['none', 'again', 'none', 'none']);
  });

  it('cannot see behind a form', async () => {
    const plan = planOf([
      manualStage('form'),
      aiStage('a', { prompt: promptOf('On {{json stages.form.output}}') }),
      systemStage('b', 'tool/call'),
    ]);
    const desk = await new Desk([plan]).create(plan);
    await desk.desk.engine.send('w', desk.id, {
      type: 'submit-input',
      actor: ann,
      stage: 'form',
      input: 'x',
    });
    await desk.desk.engine.quiet();
    expect(verdicts(await desk.preview({ type: 'rerun', from: 'form' }))).toEqual([
      'form ask',
      'a depends form',
      'b depends a',
    ]);
  });

  it('is refused as the verb is', async () => {
    const desk = await new Desk([book()]).create(book());
    await expect(desk.preview({ type: 'rerun', from: 'texts' })).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
    });
    await expect(desk.preview({ type: 'retry' })).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await expect(desk.desk.engine.preview('other', desk.id, { type: 'retry' }, ann)).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND',
    });
  });
});

describe('the preview of a retry', () => {
  const spilt = new ProviderError('PROVIDER_REJECTED', 'spilt', { retryable: false });

  it('makes what is not done, and leaves the rest alone', async () => {
    const oneByOne = { source: 'stages.plan.output', as: 'line', concurrency: 1 };
    const plan = book(with_('texts', { forEach: oneByOne }));
    const desk = new Desk([plan], ({ messages }) => {
      const { text } = messages[0] as { text: string };
      return text === 'Write milk' ? { error: spilt } : answerTo(text);
    });
    await desk.finish(plan);
    const preview = await desk.preview({ type: 'retry' });
    expect(verdicts(preview)).toEqual(['brief keep', 'plan keep', 'texts make', 'end depends texts']);
    expect(preview.stages[2]).toMatchObject({
      tasks: { make: 1, reuse: 1 },
      usd: { least: 0.01, most: 0.01 },
    });
    // Nobody has ever seen what `end` costs.
    expect(preview.usd).toEqual({ least: 0.01, most: null });
  });
});
