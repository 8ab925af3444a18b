import { afterAll, describe, expect, it } from '@jest/globals';
import { createIsolation } from '../isolation/index.ts';
import { coverageOf } from './coverage.ts';
import { LETTER_ACTIONS, letterFiles, letterPlan } from './letter-template.ts';
import { replayCase } from './replay-case.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());

const PRINTED = '{pages: 0, file: {}}';
const TO_THE_END = `  - {stage: parts, do: approve}
  - {stage: signature, do: next-stage}
  - {stage: signature, do: submit-input, input: {name: Ada}}`;

/** A case that takes a letter of these parts to its end. */
function letter(parts: string, { polished = false, before = '' } = {}): string {
  return `title: T
inputs: {topic: Tea, polished: ${polished}}
answers: {outline: {parts: ${parts}}, parts: Text, polish: Text, print: ${PRINTED}}
decisions:
${before}  - {stage: outline, do: approve}
${TO_THE_END}
expect: {state: done}
`;
}

async function missedBy(cases: string[], change?: (template: string) => string): Promise<string[]> {
  const files = letterFiles(change);
  const plan = letterPlan(files);
  const results = await Promise.all(
    cases.map((text) =>
      replayCase({
        plan,
        catalog: LETTER_ACTIONS,
        isolation,
        path: 'templates/letter/tests/c.test.yaml',
        bytes: new TextEncoder().encode(text),
      }),
    ),
  );
  expect(results.filter(({ passed }) => !passed).map(({ differences }) => differences)).toEqual([]);
  const { missed } = coverageOf({ plan, files }, results);
  return missed.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

const ALL_GATES = '  - {stage: outline, do: request-changes, comments: [More]}\n';
const sentBackParts = letter('[a]').replace(
  '  - {stage: parts, do: approve}',
  '  - {stage: parts, do: request-changes, comments: [More]}\n  - {stage: parts, do: approve}',
);

describe('what the tests of a template reach', () => {
  it('is nothing without a test, and every point is named at its place', async () => {
    expect(await missedBy([])).toEqual([
      '18:5 No test reaches stage "outline".',
      '22:5 No test passes the gate of stage "outline".',
      '22:5 In no test is stage "outline" sent back for changes.',
      '23:5 No test reaches stage "parts".',
      '25:5 In no test has the `forEach` of stage "parts" an item.',
      '25:5 In no test is the `forEach` of stage "parts" over an empty list.',
      '29:5 No test passes the gate of stage "parts".',
      '29:5 In no test is stage "parts" sent back for changes.',
      '31:5 No test reaches stage "signature".',
      '34:5 No test reaches stage "polish".',
      '36:5 In no test is the `if` of stage "polish" true.',
      '36:5 In no test is the `if` of stage "polish" false.',
      '38:5 No test reaches stage "print".',
      '44:28 In no test is the `if` of end action 1 true.',
      '44:28 In no test is the `if` of end action 1 false.',
    ]);
  });

  it('is all of it with both outcomes of everything', async () => {
    const cases = [letter('[a]', { before: ALL_GATES }), letter('[]', { polished: true }), sentBackParts];
    expect(await missedBy(cases)).toEqual([]);
  });

  it.each([
    [
      'a list with items only',
      [letter('[a]')],
      '25:5 In no test is the `forEach` of stage "parts" over an empty list.',
    ],
    ['an empty list only', [letter('[]')], '25:5 In no test has the `forEach` of stage "parts" an item.'],
    ['one outcome of an `if`', [letter('[a]')], '36:5 In no test is the `if` of stage "polish" true.'],
    [
      'the other outcome',
      [letter('[a]', { polished: true })],
      '36:5 In no test is the `if` of stage "polish" false.',
    ],
    [
      'a gate that lets all pass',
      [letter('[a]')],
      '22:5 In no test is stage "outline" sent back for changes.',
    ],
    ['no end action', [letter('[a]')], '44:28 In no test is the `if` of end action 1 true.'],
    [
      'every end action',
      [letter('[a]', { polished: true })],
      '44:28 In no test is the `if` of end action 1 false.',
    ],
  ])('lacks something with %s', async (_what, cases, missed) => {
    expect(await missedBy(cases)).toContain(missed);
  });

  it('does not ask for a list without items where the contract rules it out', async () => {
    const least = (template: string): string =>
      template.replace('{type: array,', '{type: array, minItems: 1,');
    expect((await missedBy([letter('[a]')], least)).join('\n')).not.toContain('empty list');
  });

  it('does not ask to send back what can only be approved', async () => {
    const once = (template: string): string => template.replace('maxAttempts: 4', 'maxAttempts: 1');
    expect((await missedBy([letter('[a]')], once)).join('\n')).not.toContain('"outline" sent back');
  });

  it('is no `if` that a final stage left unasked', async () => {
    const final = (template: string): string =>
      template.replace('  - id: polish', '    final: true\n  - id: polish');
    const short = letter('[a]')
      .replace(`, print: ${PRINTED}`, '')
      .replace(/file: .*/, '');
    const missed = await missedBy([short], (template) =>
      final(template).replace(/^outputs: .*$/m, 'outputs: {}'),
    );
    expect(missed).toContain('37:5 In no test is the `if` of stage "polish" false.');
  });
});
