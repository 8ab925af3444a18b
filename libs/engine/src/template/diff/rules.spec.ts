import { describe, expect, it } from '@jest/globals';
import { aiStage, loopStage, manualStage, planOf, promptOf, systemStage } from '../../testing/plan-of.ts';
import type { StageDraft } from '../../testing/plan-of.ts';
import type { Gate, Plan } from '../plan.ts';
import { diffPlans } from './diff-plans.ts';
import { RULES } from './rules.ts';
import type { RuleName } from './rules.ts';

const GATE: Gate = {
  approvers: ['role:approver'],
  quorum: 2,
  selfApproval: false,
  deadlineMs: 172_800_000,
  onDeadline: 'escalate',
  maxAttempts: 5,
};
const TITLED = {
  type: 'object',
  required: ['title'],
  properties: { title: { type: 'string', maxLength: 10 } },
};
const INPUTS = {
  type: 'object',
  required: ['topic'],
  additionalProperties: false,
  properties: {
    topic: { type: 'string', minLength: 3 },
    size: { type: 'integer', maximum: 9, default: 3 },
    kind: { enum: ['a', 'b'] },
    code: { type: 'string', pattern: '^a' },
  },
};

const literal = (value: string) => ({ kind: 'literal' as const, value });
const expression = (source: string) => ({ kind: 'expression' as const, source });
const draft = (given: Parameters<typeof aiStage>[1] = {}): StageDraft =>
  aiStage('draft', { output: TITLED, ...given });
const outputs = { title: expression('stages.draft.output.title') };
const inputs = (properties: object, given: object = {}): Partial<Plan> => ({
  inputs: {
    ...INPUTS,
    ...given,
    properties: { ...INPUTS.properties, ...properties },
  },
});
const without = (name: string): Partial<Plan> => {
  const properties = Object.entries(INPUTS.properties).filter(([key]) => key !== name);
  return { inputs: { ...INPUTS, properties: Object.fromEntries(properties) } };
};

const one = (given: Partial<Plan> = {}): Plan =>
  planOf([draft(), systemStage('build', 'book/build', { with: { text: literal('x') } })], {
    inputs: INPUTS as unknown as Plan['inputs'],
    outputs,
    permissions: ['http:read'],
    budget: { usd: 4, onExceed: 'ask' },
    ...given,
  });
const stages = (...drafts: StageDraft[]): Plan => planOf(drafts, { outputs: {} });
const gated = (given: Partial<Gate> = {}): Plan => stages(draft({ approval: { ...GATE, ...given } }));
const call = (uses: string, url = 'https://example.org') => ({ uses, if: null, with: { url: literal(url) } });

/** What is different, the rule that it falls under, and how it is told. */
const CASES: Array<[rule: RuleName, before: Plan, after: Plan, summary: string]> = [
  ['about-changed', one(), one({ title: 'Another' }), 'title reads differently'],
  ['type-changed', one(), one({ type: 'video' }), 'the workflow type is test → video'],
  [
    'input-required',
    one(),
    one(inputs({ tone: { type: 'string' } }, { required: ['topic', 'tone'] })),
    'inputs.tone: is new, and has to be given',
  ],
  ['input-removed', one(), one(without('size')), 'inputs.size: is gone'],
  [
    'input-narrowed',
    one(),
    one(inputs({ topic: { type: 'string', minLength: 5 } })),
    'inputs.topic: minLength 3 → 5',
  ],
  [
    'input-unclear',
    one(),
    one(inputs({ code: { type: 'string', pattern: '^b' } })),
    'inputs.code: pattern ^a → ^b',
  ],
  ['input-added', one(), one(inputs({ tone: { type: 'string' } })), 'inputs.tone: is new'],
  [
    'input-widened',
    one(),
    one(inputs({ kind: { enum: ['a', 'b', 'c'] } })),
    'inputs.kind: enum ["a","b"] → ["a","b","c"]',
  ],
  [
    'input-default',
    one(),
    one(inputs({ size: { type: 'integer', maximum: 9, default: 4 } })),
    'inputs.size: default 3 → 4',
  ],
  ['output-removed', one(), one({ outputs: {} }), 'the output "title" is gone'],
  ['output-added', one(), one({ outputs: { ...outputs, more: literal('x') } }), 'the output "more" is new'],
  [
    'output-source',
    one(),
    one({ outputs: { title: expression('inputs.topic') } }),
    'outputs.title is ${{ stages.draft.output.title }} → ${{ inputs.topic }}',
  ],
  [
    'output-widened',
    one(),
    one({
      ...planOf([draft({ output: { ...TITLED, properties: { title: { type: 'string', maxLength: 20 } } } })]),
      outputs,
    }),
    'outputs.title: maxLength 10 → 20',
  ],
  [
    'output-narrowed',
    one(),
    one({
      ...planOf([draft({ output: { ...TITLED, properties: { title: { type: 'string', maxLength: 5 } } } })]),
      outputs,
    }),
    'outputs.title: maxLength 10 → 5',
  ],
  [
    'output-unclear',
    one(),
    one({
      ...planOf([
        draft({ output: { ...TITLED, properties: { title: { type: 'integer', maxLength: 10 } } } }),
      ]),
      outputs,
    }),
    'outputs.title: type string → integer',
  ],
  ['stage-removed', one(), stages(draft()), 'the stage "build" is gone'],
  [
    'stage-mode',
    stages(draft()),
    stages(systemStage('draft', 'a/b')),
    'draft is done by a model → an action',
  ],
  ['stage-added', stages(draft()), stages(draft(), aiStage('more')), 'the stage "more" (ai) is new'],
  [
    'stage-asks-people',
    stages(draft()),
    stages(draft({ approval: GATE })),
    'draft is signed off now, by role:approver',
  ],
  [
    'stage-order',
    stages(draft(), aiStage('b')),
    stages(draft(), aiStage('b', { needs: [] })),
    'b comes after draft → nothing',
  ],
  [
    'stage-condition',
    stages(draft()),
    stages(draft({ if: 'inputs.x' })),
    'draft is done if always → inputs.x',
  ],
  [
    'stage-items',
    stages(draft()),
    stages(draft({ forEach: { source: 'inputs.list', as: 'item', concurrency: 4 } })),
    'draft goes over one task → inputs.list as item',
  ],
  ['stage-final', stages(draft()), stages(draft({ final: true })), 'a run ends when draft is done'],
  ['stage-action', stages(systemStage('b', 'a/b')), stages(systemStage('b', 'a/c')), 'b uses a/b → a/c'],
  [
    'stage-arguments',
    stages(systemStage('b', 'a/b', { with: { x: literal('1') } })),
    stages(systemStage('b', 'a/b', { with: { x: literal('2') } })),
    'stages.b.with.x: 1 → 2',
  ],
  ['stage-command', stages(loopStage('c', 'lint')), stages(loopStage('c', 'rm')), 'c runs lint → rm'],
  [
    'stage-tools',
    stages(draft()),
    stages(draft({ tools: ['http/get'] })),
    'draft may call no tools → http/get',
  ],
  ['stage-settings', stages(draft()), stages(draft({ timeoutMs: 90_000 })), 'timeout of draft: 1m → 90s'],
  [
    'form-narrowed',
    stages(manualStage('f', { form: { type: 'object', properties: { a: {} } } })),
    stages(manualStage('f', { form: { type: 'object', required: ['a'], properties: { a: {} } } })),
    'stages.f.form.a: has to be given now',
  ],
  [
    'form-unclear',
    stages(manualStage('f', { form: { pattern: 'a' } })),
    stages(manualStage('f', { form: { pattern: 'b' } })),
    'stages.f.form: pattern a → b',
  ],
  [
    'form-widened',
    stages(manualStage('f', { form: { maximum: 1 } })),
    stages(manualStage('f', { form: { maximum: 2 } })),
    'stages.f.form: maximum 1 → 2',
  ],
  [
    'assignees-opened',
    stages(manualStage('f', { assignees: ['user:ann'] })),
    stages(manualStage('f')),
    'f asks user:ann → anybody',
  ],
  [
    'assignees-changed',
    stages(manualStage('f', { assignees: ['user:ann'] })),
    stages(manualStage('f', { assignees: ['user:bo'] })),
    'f asks user:ann → user:bo',
  ],
  ['gate-removed', gated(), stages(draft()), 'draft is not signed off any more'],
  ['gate-weakened', gated(), gated({ quorum: 1 }), 'the gate of draft: 2 → 1 approvals'],
  [
    'gate-added',
    stages(draft(), manualStage('f')),
    stages(draft({ approval: { ...GATE, approvers: [] } }), manualStage('f')),
    'draft is signed off now, by any member',
  ],
  ['gate-strengthened', gated(), gated({ quorum: 3 }), 'the gate of draft: 2 → 3 approvals'],
  [
    'gate-approvers',
    gated(),
    gated({ approvers: ['role:chief'] }),
    'the gate of draft: approvers role:approver → role:chief',
  ],
  ['gate-settings', gated(), gated({ deadlineMs: 3_600_000 }), 'the gate of draft: deadline 2d → 1h'],
  [
    'prompt-text',
    stages(draft()),
    stages(draft({ prompt: promptOf('Write it well.') })),
    'prompts/test.hbs reads differently, for draft',
  ],
  [
    'prompt-added',
    stages(draft()),
    stages(draft({ system: promptOf('Be kind.') })),
    'draft has a system prompt now: prompts/test.hbs',
  ],
  [
    'prompt-removed',
    stages(draft({ system: promptOf('Be kind.') })),
    stages(draft()),
    'draft has no system prompt any more',
  ],
  [
    'contract-changed',
    stages(draft()),
    stages(draft({ output: { ...TITLED, required: [] } })),
    'stages.draft.output.title: may be left out now',
  ],
  ['models-changed', stages(draft()), stages(draft({ models: ['large'] })), 'draft asks default → large'],
  [
    'model-settings',
    stages(draft()),
    stages(draft({ temperature: 0 })),
    'temperature of draft: as the model has it → 0',
  ],
  [
    'permission-widened',
    one(),
    one({ permissions: ['http:read', 'http:write'] }),
    'it may use http:write now',
  ],
  ['permission-narrowed', one(), one({ permissions: [] }), 'it may not use http:read any more'],
  [
    'permission-of-stage',
    stages(draft()),
    stages(draft({ permissions: ['http:read'] })),
    'draft may use nothing → http:read',
  ],
  ['budget-removed', one(), one({ budget: null }), 'the budget of $4 is gone'],
  [
    'budget-fails',
    one(),
    one({ budget: { usd: 4, onExceed: 'fail' } }),
    'a run that would cost more fails now',
  ],
  ['budget-changed', one(), one({ budget: { usd: 9, onExceed: 'ask' } }), 'a run may cost $4 → $9'],
  [
    'end-action-removed',
    one({ onComplete: [call('http/request')] }),
    one(),
    'http/request is not done any more',
  ],
  [
    'end-action-added',
    one(),
    one({ onComplete: [call('http/request')] }),
    'http/request is done after the end',
  ],
  [
    'end-action-changed',
    one({ onComplete: [call('http/request')] }),
    one({ onComplete: [call('http/request', 'https://example.com')] }),
    'http/request is told something else',
  ],
];

describe('a change falls under a rule', () => {
  it.each(CASES)('%s', (rule, before, after, summary) => {
    const { changes, required } = diffPlans(before, after);
    const { bump, why } = RULES[rule];
    expect(changes).toContainEqual(expect.objectContaining({ rule, bump, why, summary }));
    expect(['patch', 'minor', 'major'].indexOf(required ?? '')).toBeGreaterThanOrEqual(
      ['patch', 'minor', 'major'].indexOf(bump),
    );
  });

  it('and every rule has a case', () => {
    expect([...new Set(CASES.map(([rule]) => rule))].sort()).toEqual(Object.keys(RULES).sort());
  });

  const rulesOf = (before: Plan, after: Plan): string[] =>
    diffPlans(before, after).changes.map(({ rule }) => rule);

  it.each<[string, Gate, RuleName]>([
    ['approves by itself', { ...GATE, onDeadline: 'approve' }, 'gate-weakened'],
    ['takes the word of who started the run', { ...GATE, selfApproval: true }, 'gate-weakened'],
    ['takes the word of anybody', { ...GATE, approvers: [] }, 'gate-weakened'],
    ['gives fewer rounds', { ...GATE, maxAttempts: 2 }, 'gate-settings'],
  ])('a gate that %s', (_what, gate, rule) => {
    expect(rulesOf(gated(), gated(gate))).toEqual([rule]);
    if (rule === 'gate-weakened') expect(rulesOf(gated(gate), gated())).toEqual(['gate-strengthened']);
  });

  it('a required input with a default breaks nobody', () => {
    expect(rulesOf(one(), one(inputs({}, { required: ['topic', 'size'] })))).toEqual(['input-default']);
  });

  it('a required input that loses its default has to be given', () => {
    const required = { required: ['topic', 'size'] };
    const before = one(inputs({}, required));
    const after = one(inputs({ size: { type: 'integer', maximum: 9 } }, required));
    expect(rulesOf(before, after)).toEqual(['input-default', 'input-narrowed']);
    expect(rulesOf(after, before)).toEqual(['input-default']);
  });

  it('a closed door is narrower, an open one wider', () => {
    expect(rulesOf(one(), one(inputs({}, { additionalProperties: true })))).toEqual(['input-widened']);
    expect(rulesOf(one(inputs({}, { additionalProperties: true })), one())).toEqual(['input-narrowed']);
  });

  it('every integer is a number', () => {
    const of = (type: string): Plan => one(inputs({ size: { type, maximum: 9, default: 3 } }));
    expect(rulesOf(of('integer'), of('number'))).toEqual(['input-widened']);
    expect(rulesOf(of('number'), of('integer'))).toEqual(['input-narrowed']);
  });

  it('an output that may be missing promises less', () => {
    const optional = one({ ...planOf([draft({ output: { ...TITLED, required: [] } })]), outputs });
    const always = one({ ...planOf([draft()]), outputs });
    const told = (before: Plan, after: Plan): string[] =>
      diffPlans(before, after).changes.flatMap(({ area, rule, summary }) =>
        area === 'outputs' ? [`${rule}: ${summary}`] : [],
      );
    expect(told(always, optional)).toEqual(['output-widened: outputs.title may be missing now']);
    expect(told(optional, always)).toEqual(['output-narrowed: outputs.title is always there now']);
  });

  it('a text that several stages share is told once, line by line', () => {
    const using = (text: string) => ({
      prompt: { path: 'p.hbs', source: '{{> house}}', partials: { house: text } },
    });
    const plan = (text: string): Plan => stages(aiStage('a', using(text)), aiStage('b', using(text)));
    expect(diffPlans(plan('Plain.\nShort.'), plan('Plain.\nLong.')).changes).toEqual([
      expect.objectContaining({
        rule: 'prompt-text',
        path: 'partial house',
        summary: 'partial house reads differently, for a, b',
        lines: [
          { sign: ' ', text: 'Plain.' },
          { sign: '-', text: 'Short.' },
          { sign: '+', text: 'Long.' },
        ],
      }),
    ]);
  });
});
