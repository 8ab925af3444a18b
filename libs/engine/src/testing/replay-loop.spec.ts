import { afterAll, describe, expect, it } from '@jest/globals';
import { catalogOf } from '../template/catalog.ts';
import { createIsolation } from '../isolation/index.ts';
import { definePlugin } from '../plugin/define-plugin.ts';
import { compileTemplate } from '../template/compile-template.ts';
import { filesFromMap } from '../template/registry-files.ts';
import { replayCase } from './replay-case.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());

const site = definePlugin({
  name: 'site',
  version: '1.0.0',
  title: 'Sites',
  description: 'Sites.',
  workflowType: { name: 'site', title: 'Site', description: 'A site.' },
  actions: [],
});
const files = filesFromMap(
  new Map([
    [
      'templates/page/template.yaml',
      `apiVersion: stagewright/v1
name: page
title: Page
description: A page.
type: site
version: 1.0.0
inputs: {type: object, required: [topic], properties: {topic: {type: string}}, additionalProperties: false}
stages:
  - id: check
    mode: cli_loop
    command: html-validate
    args: [index.html]
    files: [{path: index.html, content: "<b>\${{ inputs.topic }}</b>"}]
    maxIterations: 3
    repair: prompts/repair.hbs
outputs: {page: "\${{ stages.check.output.files[0] }}"}
`,
    ],
    ['templates/page/prompts/repair.hbs', 'Mend: {{result.output}}'],
  ]),
);

async function replay(check: string, expected = 'state: done') {
  const { plan, findings } = compileTemplate(files, 'page', catalogOf([site]));
  expect(findings).toEqual([]);
  const text = `title: A page\ninputs: {topic: Tea}\nanswers:\n  check:\n${check}\nexpect:\n  ${expected}\n`;
  const result = await replayCase({
    plan: plan!,
    catalog: catalogOf([site]),
    isolation,
    path: 'templates/page/tests/case.test.yaml',
    bytes: new TextEncoder().encode(text),
  });
  return result;
}

const EDIT = '{edits: [{path: index.html, find: "<b>Tea</b>", replace: "<strong>Tea</strong>"}]}';

describe('a recorded loop', () => {
  it('carries out the recorded edits, and runs nothing', async () => {
    const result = await replay(
      `    runs: [{exitCode: 1, output: use strong}, {}]\n    repairs: [${EDIT}]`,
      `state: done
  stages: {check: {state: done, output: {passed: true, iterations: 2, files: [{path: index.html, size: 20}]}}}
  outputs: {page: {path: index.html, mediaType: text/html}}
  prompts: {check: {contains: [use strong, Answer with edits]}}
  calls: {check: {with: {command: html-validate, args: [index.html], files: {index.html: <strong>Tea</strong>}}}}`,
    );
    expect(result.differences).toEqual([]);
  });

  it('costs what is recorded of a try, however many repairs it takes', async () => {
    const second = '{edits: [{path: index.html, find: "<strong>", replace: "<em>"}]}';
    const result = await replay(
      `    runs: [{exitCode: 1}, {exitCode: 1}, {}]\n    repairs: [${EDIT}, ${second}]
usage: {check: {inputTokens: 10, outputTokens: 0, usd: 1}}`,
      'state: done\n  cost: {maxUsd: 1, maxTokens: 10}',
    );
    expect(result.differences).toEqual([]);
    expect(result.run?.spent).toEqual({ inputTokens: 10, outputTokens: 0, usd: 1 });
  });

  it('notices an edit that does not fit the files as they are', async () => {
    const stale = EDIT.replace('<b>Tea', '<b>Mate');
    const result = await replay(`    runs: [{exitCode: 1}, {}]\n    repairs: [${stale}]`);
    expect(result.differences[0]?.message).toMatch(/OUTPUT_INVALID.*not in index\.html/);
  });

  it('may write files, fail, and give up', async () => {
    const gaveUp = await replay(
      `    runs: [{exitCode: 1, files: {log.txt: one}}, {exitCode: 1}, {exitCode: 1}]
    repairs: [${EDIT}, {edits: [{path: log.txt, content: two}]}]`,
      'state: failed\n  error: CLI_LOOP_GAVE_UP',
    );
    expect(gaveUp.differences).toEqual([]);
    const refused = await replay(
      '    error: {code: CLI_LIMIT, message: Too much.}',
      'state: failed\n  error: CLI_LIMIT',
    );
    expect(refused.differences).toEqual([]);
  });

  it.each([
    ['a run', `    runs: [{exitCode: 1}]\n    repairs: [${EDIT}]`, /runs\[1\] is not recorded/],
    ['a repair', '    runs: [{exitCode: 1}, {}]', /repairs\[0\] is not recorded/],
  ])('says when %s is missing', async (_what, check, expected) => {
    expect((await replay(check)).differences[0]?.message).toMatch(expected);
  });
});
