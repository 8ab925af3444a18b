import { afterAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { testSchema } from '../template/schema/test-schema.ts';
import { createIsolation } from '../isolation/index.ts';
import { LETTER_ACTIONS, letterFiles, letterPlan } from './letter-template.ts';
import { replayCase } from './replay-case.ts';
import type { ReplayResult } from './replay-case.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());
const PATH = 'templates/letter/tests/case.test.yaml';

const BODY = `title: A letter
inputs: {topic: Tea, polished: true}
answers:
  outline: {rounds: [{parts: [History]}, {parts: [Leaf, Cup]}]}
  parts: {tasks: [On leaves, On cups]}
  polish: Finer words.
  print: {pages: 2, file: {artifact: a-1, name: letter.txt, type: file, mediaType: text/plain, size: 1, digest: d}}
usage:
  outline: {rounds: [{inputTokens: 100, outputTokens: 50, usd: 0.25}, {inputTokens: 90, outputTokens: 10, usd: 0.05}]}
  parts: {inputTokens: 10, outputTokens: 10, usd: 0.01}
decisions:
  - {stage: outline, do: request-changes, comments: [{body: No history, path: /parts/0, line: 1}]}
  - {stage: outline, do: approve, comments: [Good]}
  - {stage: parts, do: approve}
  - {stage: signature, do: next-stage}
  - {stage: signature, do: submit-input, input: {name: Ada}}
`;
const caseOf = (expected: string, body = BODY): string =>
  `${body}expect:\n${expected.replace(/^/gm, '  ')}\n`;

async function replay(text: string, template?: (text: string) => string): Promise<ReplayResult> {
  return await replayCase({
    plan: letterPlan(letterFiles(template)),
    catalog: LETTER_ACTIONS,
    isolation,
    path: PATH,
    bytes: new TextEncoder().encode(text),
  });
}
const told = ({ findings, differences }: ReplayResult): string[] => [
  ...findings.map(({ code, line, message }) => `${line} ${code} ${message}`),
  ...differences.map(({ line, column, path, message }) => `${line}:${column} ${path} ${message}`),
];

it('the published schema of the format is a JSON Schema', () => {
  expect(new Ajv2020({ strict: false }).validateSchema(testSchema())).toBe(true);
});

describe('what a case expects', () => {
  it.each<[what: string, right: string, wrong: string, expected: string]>([
    [
      'a value at a path',
      'values: {"stages.outline.output.parts[1]": Cup}',
      'values: {"stages.outline.output.parts[1]": Mug}',
      'stages.outline.output.parts[1] is "Cup", expected "Mug"',
    ],
    [
      'every item of a list',
      'contracts: {"stages.parts.output[*]": {type: string, minLength: 7}}',
      'contracts: {"stages.parts.output[*]": {type: string, minLength: 8}}',
      'stages.parts.output[1] breaks the contract: the value must have at least 8 characters',
    ],
    [
      'a value that is there',
      'values: {outputs.file: {name: letter.txt}}',
      'values: {outputs.letter: {name: letter.txt}}',
      'outputs.letter is missing',
    ],
    [
      'the number of files',
      'artifacts: {count: 1}',
      'artifacts: {count: 2}',
      'artifacts.count is 1, expected 2',
    ],
    [
      'a file by name, type and stage',
      'artifacts: {include: [{name: letter.txt, type: file, mediaType: text/plain, stage: print}]}',
      'artifacts: {include: [{name: letter.pdf}]}',
      'artifacts.include[0] is not among the files: letter.txt (file)',
    ],
    [
      'the prompt of a round',
      'prompts: {outline: [{round: 1, lacks: [No history]}, {round: 2, contains: [No history]}]}',
      'prompts: {outline: [{round: 1, contains: [No history]}]}',
      'prompts.outline[0].contains does not hold "No history"',
    ],
    [
      'the prompt of a task',
      'prompts: {parts: {task: parts/0, contains: [Write Leaf as number 0]}}',
      'prompts: {parts: {task: parts/0, contains: [Write Cup]}}',
      'prompts.parts.contains does not hold "Write Cup"',
    ],
    [
      'the variables of a prompt',
      'prompts: {outline: {variables: {"feedback[0].path": /parts/0, "feedback[0].line": 1, previous: {parts: [History]}}}}',
      'prompts: {outline: {variables: {"feedback[0].line": 2}}}',
      'prompts.outline.variables.feedback[0].line is 1, expected 2',
    ],
    [
      'that a variable changed',
      'prompts: {outline: {changed: [feedback, previous]}}',
      'prompts: {outline: {changed: [inputs.topic]}}',
      'prompts.outline.changed inputs.topic is as it was in round 1',
    ],
    [
      'a round before it',
      'prompts: {outline: {round: 2, changed: [feedback]}}',
      'prompts: {outline: {round: 1, changed: [feedback]}}',
      'prompts.outline.changed has no round before it',
    ],
    [
      'what an action was given',
      'calls: {print: {with: {parts: [On leaves, On cups]}}}',
      'calls: {print: [{round: 1, with: {signature: Bob}}]}',
      'calls.print[0].with.signature is "Ada", expected "Bob"',
    ],
    [
      'a call',
      'calls: {print: {with: {signature: Ada}}}',
      'calls: {polish: {with: {signature: Ada}}}',
      'calls.polish was never called',
    ],
    [
      'what was spent',
      'cost: {maxUsd: 0.32}',
      'cost: {maxUsd: 0.3}',
      'cost.maxUsd is 0.32, expected at most 0.3',
    ],
    [
      'the tokens',
      'cost: {maxTokens: 290}',
      'cost: {maxTokens: 289}',
      'cost.maxTokens is 290, expected at most 289',
    ],
    [
      'the end actions asked for',
      'endActions: [{uses: workflow/start, with: {inputs: {topic: Answer to Tea}}}]',
      'endActions: []',
      'endActions is [{"uses":"workflow/start","with":{"template":"letter","inputs":{"topic":"Answer to Tea"}}}], expected []',
    ],
  ])('%s', async (_what, right, wrong, expected) => {
    expect(told(await replay(caseOf(right)))).toEqual([]);
    const result = await replay(caseOf(wrong));
    expect(result.passed).toBe(false);
    expect(told(result).map((line) => line.slice(line.indexOf(' ') + 1))).toEqual([expected]);
  });

  it('says where in the file it stands', async () => {
    const [first] = (await replay(caseOf('state: done\nstages: {print: {state: failed}}'))).differences;
    expect(first).toMatchObject({ line: 19, column: 27, at: '/expect/stages/print/state', update: 'done' });
  });

  it('shows what is nearest to a text that a prompt lacks', async () => {
    const [first] = (await replay(caseOf('prompts: {outline: {contains: [Plan a poem on Tea]}}')))
      .differences;
    expect(first).toMatchObject({
      expected: 'Plan a poem on Tea',
      actual: 'Plan a letter on Tea. No history',
    });
  });

  it('needs an item for every item', async () => {
    const none = BODY.replace('{parts: [Leaf, Cup]}', '{parts: []}').replace('[On leaves, On cups]', '[]');
    const result = await replay(caseOf('values: {"stages.parts.output[*]": x}', none));
    expect(told(result)[0]).toMatch(/stages\.parts\.output\[\*\] has no item$/);
  });

  it('does not know what a run cost when a price is missing', async () => {
    const unknown = BODY.replace('outputTokens: 10, usd: 0.01', 'outputTokens: 10');
    expect(told(await replay(caseOf('cost: {maxUsd: 9}', unknown)))[0]).toMatch(/maxUsd is not known/);
  });

  it.each([
    ['a path from nowhere', 'values: {outline.output: 1}', /TEST_PATH "outline.output" is not a path/],
    ['half a path', 'values: {"outputs..x": 1}', /TEST_PATH/],
    ['a path to no stage', 'values: {stages.outlin.output: 1}', /TEST_UNKNOWN_STAGE/],
    ['a contract that is none', 'contracts: {outputs: {type: thing}}', /TEST_CONTRACT/],
    ['a path to no variable', 'prompts: {outline: {changed: ["feedback[x]"]}}', /TEST_PATH/],
    ['a file of no stage', 'artifacts: {include: [{stage: bild}]}', /TEST_UNKNOWN_STAGE/],
    ['a matcher that is not there', 'cost: {usd: 1}', /TEST_SCHEMA There is no field "usd"/],
  ])('is refused at its place: %s', async (_what, expected, finding) => {
    const result = await replay(caseOf(expected));
    expect(result.run).toBeNull();
    expect(told(result)[0]).toMatch(/^18 /);
    expect(told(result)[0]).toMatch(finding);
  });

  it('is refused when it is a cost that nothing was recorded of', async () => {
    const free = BODY.replace(/usage:\n(?: {2}.*\n){2}/, '');
    expect(told(await replay(caseOf('cost: {maxUsd: 1}', free)))).toEqual([
      expect.stringMatching(/TEST_COST/),
    ]);
  });
});

describe('what a case records', () => {
  const short = (lines: string, expected: string): string =>
    caseOf(expected, `title: T\ninputs: {topic: Tea}\nanswers:\n  outline: {parts: [Leaf]}\n${lines}\n`);

  it('is a failure by try', async () => {
    const tries = `  parts: {tasks: [{tries: [{error: {code: DOWN, retryable: true}}, On leaves]}]}
decisions: [{stage: outline, do: approve}]`;
    const expected = 'stages: {parts: {state: approval_pending, output: [On leaves]}}';
    const result = await replay(short(tries, expected));
    expect(told(result)).toEqual([]);
    expect(result.run?.stages[1]?.tasks[0]).toMatchObject({ attempt: 2, state: 'done' });
  });

  it('may look like the words of a recording', async () => {
    const answer = (parts: string): string =>
      `title: T\ninputs: {topic: Tea}\nanswers:\n  outline: ${parts}\nexpect: {values: {stages.outline.output: {tasks: [a]}, stages.outline.state: approval_pending}}\n`;
    const free = (template: string): string =>
      template
        .replace(/output: \{type: object, required: \[parts\].*\n/, 'output: {type: object}\n')
        .replace(/ {2}- id: parts[^]*?(?= {2}- id: signature)/, '')
        .replace('{parts: "${{ stages.parts.output }}"', '{parts: []')
        .replace(/ {2}- id: polish[^]*?(?= {2}- id: print)/, '');
    const plain = await replay(answer('{value: {tasks: [a]}}'), free);
    expect(told(plain)).toEqual([]);
    const taken = await replay(answer('{tasks: [a]}'), free);
    expect(taken.passed).toBe(false);
  });

  it.each<[what: string, lines: string, expected: string]>([
    [
      'a run that is retried',
      `  parts: {rounds: [{error: {code: DOWN}}, On leaves]}
decisions: [{stage: outline, do: approve}, {do: retry}, {stage: parts, do: approve}]`,
      'state: input_pending\nstages: {signature: {state: ready}, parts: {round: 2, output: [On leaves]}}',
    ],
    [
      'a run that is rerun',
      `decisions: [{stage: outline, do: rerun}]`,
      'state: approval_pending\nstages: {outline: {round: 2}}',
    ],
    ['a run that is cancelled', `decisions: [{do: cancel}]`, 'state: cancelled'],
    [
      'a budget that is raised',
      `  parts: On leaves
usage: {outline: {inputTokens: 1, outputTokens: 1, usd: 3}}
decisions: [{do: resume, budgetUsd: 5}, {stage: outline, do: approve}]`,
      'state: approval_pending\ncost: {maxUsd: 3}',
    ],
    [
      'a deadline that passes',
      `decisions: [{stage: outline, do: miss-deadline}, {stage: outline, do: approve}]
`.replace('decisions', '  parts: On leaves\ndecisions'),
      'state: approval_pending\nstages: {outline: {state: done}}',
    ],
  ])('is %s', async (_what, lines, expected) => {
    expect(told(await replay(short(lines, expected)))).toEqual([]);
  });

  it.each([
    ['role:approver', /^$/],
    ['starter', /^$/],
    ['role:editor', /refused: APPROVAL_FORBIDDEN|refused: .*approver/],
    ['user:ann', /refused/],
  ])('is decided by %s', async (by, told_) => {
    const lines = `  parts: On leaves\ndecisions: [{stage: outline, do: approve, by: "${by}"}]`;
    const { differences } = await replay(short(lines, 'stages: {outline: {state: done}}'));
    expect(differences[0]?.message ?? '').toMatch(told_);
  });

  it('by the starter is refused where four eyes are asked for', async () => {
    const lines = `  parts: On leaves\ndecisions: [{stage: outline, do: approve, by: starter}]`;
    const result = await replay(short(lines, 'state: approval_pending'), (template) =>
      template.replace('selfApproval: true', 'selfApproval: false'),
    );
    expect(told(result)[0]).toMatch(/decisions\[0\] was refused/);
  });

  it('is a deadline only where there is one', async () => {
    const lines = `  parts: On leaves\ndecisions: [{stage: outline, do: approve}, {stage: parts, do: miss-deadline}]`;
    expect(told(await replay(short(lines, 'state: approval_pending')))).toEqual([
      expect.stringMatching(/decisions\[1\] was refused: STATE_CONFLICT/),
    ]);
  });
});
