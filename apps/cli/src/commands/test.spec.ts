import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runCli } from '../cli.ts';
import { fakeTerminal } from '../testing/fake-terminal.ts';
import { NOTE_CASE, noteFile, noteRegistry } from '../testing/note-registry.ts';

interface Told {
  ok: boolean;
  cases: Array<{ path: string; passed: boolean; differences: object[]; reached: object[] }>;
  coverage: Array<{ template: string; missed: Array<{ line: number; code: string; message: string }> }>;
  updated: Array<{ path: string; changed: string[] }>;
}

async function test(cwd: string, ...args: string[]) {
  const terminal = fakeTerminal({ cwd });
  const code = await runCli(['test', ...args], terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}
const json = (text: string): Told => JSON.parse(text) as Told;
const caseWith = (from: string | RegExp, to: string): Record<string, string> => ({
  [NOTE_CASE]: noteFile(NOTE_CASE).replace(from, to),
});

const TEXT_EXPECTED = `  values:
    stages.text.output: |
      Tea is a drink.
      It is made of beans.
`;

describe('stagewright test', () => {
  it('says what passed, and what of the template no case reaches', async () => {
    const { code, out } = await test(noteRegistry());
    expect(code).toBe(0);
    expect(out).toContain('✔ A short note  templates/note/tests/short.test.yaml');
    expect(out).toContain('○ note: stages 1/2, branches 1/2, gates and loops 1/2');
    expect(out).toContain('3 not reached: --coverage lists them.');
    expect(out).not.toContain('TEST_COVERAGE');
    expect(out.trimEnd().endsWith('1 case: 1 passed, 0 failed.')).toBe(true);
  });

  it('--coverage lists what no case reaches, with its place, and is no failure', async () => {
    const { code, out } = await test(noteRegistry(), '--coverage');
    expect(code).toBe(0);
    expect(out).toContain(
      'templates/note/template.yaml:16:5  warning  TEST_COVERAGE\n  In no test is stage "text" sent back',
    );
    expect(out).toContain(
      'templates/note/template.yaml:19:5  warning  TEST_COVERAGE\n  In no test is the `if` of stage "more" true.',
    );
  });

  it('--require-coverage is a failure until every point is reached', async () => {
    expect((await test(noteRegistry(), '--require-coverage')).code).toBe(1);
    const rest = `title: A long note
inputs: {topic: Tea, long: true}
answers: {text: Tea, more: More tea}
decisions: [{stage: text, do: request-changes, comments: [More]}, {stage: text, do: approve}]
expect: {state: done}
`;
    const all = noteRegistry({ 'templates/note/tests/long.test.yaml': rest });
    const { code, out } = await test(all, '--require-coverage', '--json');
    expect([code, json(out).coverage[0]?.missed]).toEqual([0, []]);
  });

  it('replays one case when its file is named', async () => {
    const root = noteRegistry({ 'templates/note/tests/bad.test.yaml': 'title: Bad\n' });
    expect((await test(root)).code).toBe(1);
    const { code, out } = await test(root, NOTE_CASE, '--json');
    expect([code, json(out).cases.map(({ path }) => path)]).toEqual([0, [NOTE_CASE]]);
  });

  it('shows where a case differs, values on a line, texts line by line', async () => {
    const root = noteRegistry(caseWith(/round: 1([^]*)$/, `round: 2$1${TEXT_EXPECTED}`));
    const { code, out } = await test(root);
    expect(code).toBe(1);
    expect(out).toContain('  11:39  stages.text.round is 1, expected 2\n');
    expect(out).toContain(
      `  13:25  stages.text.output is not as expected
      - expected  + received
        Tea is a drink.
      - It is made of beans.
      + It is made of leaves.
`,
    );
    expect(json((await test(root, '--json')).out).cases[0]?.differences).toEqual([
      {
        path: 'stages.text.round',
        message: 'is 1, expected 2',
        expected: 2,
        actual: 1,
        line: 11,
        column: 39,
      },
      expect.objectContaining({
        path: 'stages.text.output',
        actual: 'Tea is a drink.\nIt is made of leaves.\n',
      }),
    ]);
  });

  it('shows the nearest lines of a prompt that lacks a text', async () => {
    const root = noteRegistry(caseWith(/$/, '  prompts: {text: {contains: [Write all about Tea.]}}\n'));
    expect((await test(root)).out).toContain(`does not hold "Write all about Tea."\n`);
    const long = 'Write about Tea, and leave nothing out that a reader of a certain age would want to know.';
    const { out } = await test(noteRegistry(caseWith(/$/, `  prompts: {text: {contains: ["${long}"]}}\n`)));
    expect(out).not.toContain('nearest');
    const near = noteRegistry({
      ...caseWith(/$/, `  prompts: {text: {contains: ["${long} about"]}}\n`),
      'templates/note/prompts/text.hbs': `${long} {{inputs.topic}}`,
    });
    expect((await test(near)).out).toContain(
      `- expected  + the nearest that is there\n      - ${long} about\n      + ${long} Tea\n`,
    );
  });
});

describe('stagewright test --update', () => {
  it('rewrites what failing cases state, says which, and is fine when they pass then', async () => {
    const root = noteRegistry(caseWith(/round: 1([^]*)$/, `round: 2$1${TEXT_EXPECTED}`));
    const { code, out } = await test(root, '--update');
    expect([code, out]).toEqual([
      0,
      expect.stringContaining(`updated ${NOTE_CASE}: stages.text.round, stages.text.output\n`),
    ]);
    expect(readFileSync(join(root, NOTE_CASE), 'utf8')).toContain('      It is made of leaves.\n');
    expect(json((await test(root, '--update', '--json')).out)).toMatchObject({ ok: true, updated: [] });
  });

  it('leaves a case as it fails where it cannot, with the exit code of a failure', async () => {
    const root = noteRegistry(caseWith(/$/, '  prompts: {text: {contains: [Coffee]}}\n'));
    const before = readFileSync(join(root, NOTE_CASE), 'utf8');
    const { code, out } = await test(root, '--update', '--json');
    expect([code, json(out).updated]).toEqual([1, []]);
    expect(readFileSync(join(root, NOTE_CASE), 'utf8')).toBe(before);
  });
});

it.each([['-i', 'topic=Tea'], ['--title', 'x'], ['--approve'], ['--out', 'x'], ['--force']])(
  '%s without --record is wrong use',
  async (...option) => {
    const { code, err } = await test(noteRegistry(), ...option);
    expect([code, err]).toEqual([2, expect.stringMatching(/^CLI_RECORD_NEEDED/)]);
  },
);
