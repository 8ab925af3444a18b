import { afterAll, describe, expect, it } from '@jest/globals';
import { createActionRegistry } from '../execution/action-registry.ts';
import { createIsolation } from '../isolation/index.ts';
import { definePlugin } from '../plugin/define-plugin.ts';
import { compileTemplate } from '../template/compile-template.ts';
import { filesFromMap } from '../template/registry-files.ts';
import { replayCase } from './replay-case.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());

const book = definePlugin({
  name: 'book',
  version: '1.0.0',
  title: 'Books',
  description: 'Makes books.',
  workflowType: { name: 'book', title: 'Book', description: 'A book.' },
  actions: [
    {
      id: 'book/build',
      description: 'Builds.',
      input: {
        type: 'object',
        required: ['parts'],
        properties: { parts: { type: 'array' } },
        additionalProperties: false,
      },
      output: { type: 'object', required: ['pages'], properties: { pages: { type: 'integer' } } },
      scopes: [],
      idempotency: 'natural',
      run: () => Promise.reject(new Error('A replay calls no handler.')),
      examples: [{ title: 'One', with: { parts: [] }, expect: { output: { pages: 1 } } }],
    },
  ],
});
const actions = createActionRegistry([book], { readAsset: () => Promise.reject(new Error('none')) });
const TEMPLATE = `apiVersion: stagewright/v1
name: booklet
title: Booklet
description: A small book.
type: book
version: 1.0.0
inputs:
  type: object
  required: [topic]
  additionalProperties: false
  properties: {topic: {type: string}, source: {type: string, format: artifact}}
defaults: {models: [default], retry: {attempts: 2}}
stages:
  - id: outline
    mode: ai
    prompt: prompts/outline.hbs
    output: {type: object, required: [parts], properties: {parts: {type: array, items: {type: string}}}, additionalProperties: false}
    approval: {approvers: [role:approver], quorum: 2}
  - id: parts
    mode: ai
    forEach: \${{ stages.outline.output.parts }}
    as: part
    concurrency: 2
    prompt: prompts/part.hbs
  - id: build
    mode: system
    uses: book/build
    with: {parts: "\${{ stages.parts.output }}"}
outputs: {pages: "\${{ stages.build.output.pages }}"}
`;
const files = filesFromMap(
  new Map([
    ['templates/booklet/template.yaml', TEMPLATE],
    ['templates/booklet/prompts/outline.hbs', 'Plan a booklet on {{inputs.topic}}.'],
    ['templates/booklet/prompts/part.hbs', 'Write {{part}} as number {{index}}.'],
  ]),
);
const GOOD = `title: Sent back once
inputs: {topic: Tea, source: some-file}
answers:
  outline: {rounds: [{parts: [History]}, {parts: [Leaf, Cup]}]}
  parts: {tasks: [On leaves, On cups]}
  build: {pages: 7}
decisions:
  - {stage: outline, do: request-changes, comments: [No history]}
  - {stage: outline, do: approve}
  - {stage: outline, do: approve}
expect:
  state: done
  stages: {outline: {state: done, round: 2}, parts: {tasks: 2, output: [On leaves, On cups]}}
  outputs: {pages: 7}
  prompts:
    outline: {contains: [Plan a booklet on Tea, No history, History], lacks: [secret]}
    parts: {contains: [Write Cup as number 1]}
`;

function replay(text: string) {
  const { plan, findings } = compileTemplate(files, 'booklet', actions);
  expect(findings).toEqual([]);
  const path = 'templates/booklet/tests/case.test.yaml';
  return replayCase({
    plan: plan!,
    catalog: actions,
    isolation,
    path,
    bytes: new TextEncoder().encode(text),
  });
}

describe('a template test replays what models, actions and people said', () => {
  it('passes when the run is as expected', async () => {
    const result = await replay(GOOD);
    expect(result).toMatchObject({ findings: [], differences: [], passed: true, title: 'Sent back once' });
  });

  it('names each difference, where and how', async () => {
    const wrong = GOOD.replace('round: 2', 'round: 3')
      .replace('pages: 7}\n  prompts', 'pages: 8}\n  prompts')
      .replace('lacks: [secret]', 'lacks: [Tea]');
    const result = await replay(wrong);
    expect(result.passed).toBe(false);
    expect(result.differences.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'stages.outline.round is 2, expected 3',
      'outputs.pages is 7, expected 8',
      'prompts.outline.lacks holds "Tea"',
    ]);
  });

  it.each([
    [
      'a decision that does not apply',
      GOOD.replace('- {stage: outline, do: approve}', '- {stage: outline, do: next-stage}'),
      /decisions\[1\] was refused: STATE_CONFLICT/,
    ],
    [
      'inputs that break the contract',
      GOOD.replace('topic: Tea', 'topic: 7'),
      /inputs was refused: INPUT_INVALID/,
    ],
    [
      'an answer that breaks its contract',
      GOOD.replace('{parts: [History]}', '{parts: 7}'),
      /decisions\[0\] was refused/,
    ],
    [
      'an answer that is missing',
      GOOD.replace('[On leaves, On cups]}\n  build', '[On leaves]}\n  build'),
      /state is "failed" \(TEST_ANSWER_MISSING/,
    ],
    [
      'an answer that breaks the contract of its action',
      GOOD.replace('build: {pages: 7}', 'build: {pages: many}'),
      /state is "failed" \(ACTION_OUTPUT_INVALID/,
    ],
    [
      'too few approvals',
      GOOD.replace('  - {stage: outline, do: approve}\n', ''),
      /state is "approval_pending", expected "done"/,
    ],
  ])('says so of %s', async (_what, text, expected) => {
    const result = await replay(text);
    expect(result.passed).toBe(false);
    expect(result.differences.map(({ path, message }) => `${path} ${message}`).join('\n')).toMatch(expected);
  });

  it('follows a recorded error through its retries', async () => {
    const failing = GOOD.replace(
      'build: {pages: 7}',
      'build: {error: {code: PRESS_DOWN, message: No paper, retryable: true}}',
    )
      .replace('state: done\n', 'state: failed\n  error: PRESS_DOWN\n')
      .replace('  outputs: {pages: 7}\n', '');
    const result = await replay(failing);
    expect(result.differences).toEqual([]);
    expect(result.run?.stages.at(-1)?.tasks[0]?.attempt).toBe(2);
  });

  it.each<[string, string, string, [number, number]]>([
    ['an unknown field', GOOD.replace('title:', 'tittle: x\ntitle:'), 'TEST_SCHEMA', [1, 1]],
    [
      'an unknown stage',
      GOOD.replace('  build: {pages: 7}', '  bild: {pages: 7}'),
      'TEST_UNKNOWN_STAGE',
      [6, 3],
    ],
    [
      'a decision that nobody can take',
      GOOD.replace('do: request-changes', 'do: shout'),
      'TEST_SCHEMA',
      [8, 26],
    ],
    [
      'an alias',
      GOOD.replace('{topic: Tea, source: some-file}', '&a {topic: Tea}'),
      'TEMPLATE_YAML_ALIAS',
      [2, 9],
    ],
    [
      'nothing that is expected',
      GOOD.slice(0, GOOD.indexOf('expect:')) + 'expect: {}\n',
      'TEST_SCHEMA',
      [11, 9],
    ],
  ])('refuses a file with %s, at its place', async (_what, text, code, [line, column]) => {
    const result = await replay(text);
    expect(result.passed).toBe(false);
    expect(result.findings).toEqual([
      expect.objectContaining({ code, line, column, file: 'templates/booklet/tests/case.test.yaml' }),
    ]);
    expect(result.run).toBeNull();
  });
});
