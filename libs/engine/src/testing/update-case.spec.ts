import { afterAll, describe, expect, it } from '@jest/globals';
import { createIsolation } from '../isolation/index.ts';
import { LETTER_ACTIONS, letterPlan } from './letter-template.ts';
import { replayCase } from './replay-case.ts';
import { updateCase } from './update-case.ts';
import type { ReplayResult } from './replay-case.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function replay(text: string): Promise<ReplayResult> {
  return await replayCase({
    plan: letterPlan(),
    catalog: LETTER_ACTIONS,
    isolation,
    path: 'templates/letter/tests/case.test.yaml',
    bytes: bytesOf(text),
  });
}

/** The case after `--update`, which must then pass as far as it could be updated. */
async function updated(text: string) {
  const now = updateCase(bytesOf(text), await replay(text));
  return now === null ? null : { ...now, again: await replay(now.text) };
}

const HEAD = `# A letter that waits for its parts.
title: A letter   # short
inputs: {topic: Tea}
answers:
  outline:
    parts: [Leaf, Cup]
  parts: |
    First line
    Second line
usage: {parts: {inputTokens: 10, outputTokens: 10, usd: 0.5}}
decisions:
  - {stage: outline, do: approve}
`;

describe('--update', () => {
  it('rewrites the values that a case states, and nothing else', async () => {
    const before = `${HEAD}expect:
  state: done          # where it waits
  stages:
    outline: {state: done, round: 7, output: {parts: [Leaf, "Mug"]}}   # twice

    parts:
      tasks: 1
      output:
        - |
          First line
          Other line
        - "x"
      # The end of the parts.
  values:
    "stages.outline.output.parts[0]": Leaves
  cost: {maxUsd: 0.1, maxTokens: 100}
`;
    const now = await updated(before);
    expect(now?.text).toBe(`${HEAD}expect:
  state: approval_pending          # where it waits
  stages:
    outline: {state: done, round: 1, output: {parts: [Leaf, Cup]}}   # twice

    parts:
      tasks: 2
      output:
        - |
          First line
          Second line
        - "First line\\nSecond line\\n"
      # The end of the parts.
  values:
    "stages.outline.output.parts[0]": Leaf
  cost: {maxUsd: 1, maxTokens: 100}
`);
    expect(now?.changed).toEqual([
      'state',
      'stages.outline.round',
      'stages.outline.output.parts[1]',
      'stages.parts.tasks',
      'stages.parts.output[0]',
      'stages.parts.output[1]',
      'stages.outline.output.parts[0]',
      'cost.maxUsd',
    ]);
    expect(now?.again.differences).toEqual([]);
  });

  it('says no more of a mapping than the case did', async () => {
    const text = `${HEAD}expect:
  endActions: []
  values: {"stages.outline": {state: failed}}
`;
    expect((await updated(text))?.text).toContain('values: {"stages.outline": {state: done}}');
  });

  it('leaves what stands around a list or a mapping that it writes anew', async () => {
    const text = `${HEAD}expect:
  stages:
    outline:
      output:
        parts:
          - Leaf   # the first
          - Cup
          - Mug

      # After the list.
      round: 1
    parts: {tasks: 2}
  values:
    stages.outline.output:
      parts:
        - Mug

  # At the end.
`;
    const now = await updated(text);
    expect(now?.text).toBe(
      text
        .replace(/- Leaf {3}[^]*- Mug\n\n {6}#/, '[Leaf, Cup]\n\n      #')
        .replace(/parts:\n {8}- Mug/, '{parts: [Leaf, Cup]}'),
    );
    expect(now?.again.differences).toEqual([]);
  });

  it('keeps a block of text one', async () => {
    const text =
      `${HEAD.replace('- {stage: outline, do: approve}', '- {stage: outline, do: approve}\n  - {stage: parts, do: approve}')}expect:
  values:
    stages.parts.output[0]: |
      Only line

  # After it.
  state: x
`.replace('  state: x\n', '  stages: {parts: {tasks: 2}}\n');
    expect((await updated(text))?.text).toContain(`    stages.parts.output[0]: |
      First line
      Second line

  # After it.
`);
  });

  it.each([
    ['a text that a prompt lacks', 'prompts: {outline: {contains: [Coffee]}}'],
    ['a contract that is broken', 'contracts: {"stages.outline.output.parts[0]": {type: integer}}'],
    ['a value that is not there', 'values: {outputs.pages: 3}'],
    ['a value that stands for several', 'values: {"stages.outline.output.parts[*]": Leaf}'],
    ['a file that is not there', 'artifacts: {include: [{name: letter.txt}]}'],
  ])('leaves %s to people', async (_what, expected) => {
    expect(await updated(`${HEAD}expect:\n  ${expected}\n`)).toBeNull();
  });

  it.each([
    ['a decision was refused', HEAD.replace('do: approve', 'do: next-stage')],
    ['inputs were refused', HEAD.replace('topic: Tea', 'topic: 7')],
    ['an answer is missing', HEAD.replace(/ {2}parts: \|\n.*\n.*\n/, '')],
    ['the file is broken', HEAD.replace('title', 'tittle')],
  ])('touches nothing when %s', async (_what, head) => {
    expect(await updated(`${head}expect:\n  state: done\n`)).toBeNull();
  });

  it('has nothing to do with a case that passes', async () => {
    expect(await updated(`${HEAD}expect:\n  state: approval_pending\n`)).toBeNull();
  });
});
