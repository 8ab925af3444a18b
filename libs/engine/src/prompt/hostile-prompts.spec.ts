import { describe, expect, it } from '@jest/globals';
import { checkPrompt } from './check-prompt.ts';
import type { CheckedPrompt } from './check-prompt.ts';
import { renderPrompt } from './render-prompt.ts';

const CAPS = { outputBytes: 1024 * 1024, steps: 1_000_000 };
const DECLARED = new Set(['inputs', 'a', 'x']);

const check = (text: unknown): CheckedPrompt =>
  checkPrompt({
    path: 'prompts/p.hbs',
    text: text as string,
    partial: (name) => (name === 'tone' ? { path: 'prompts/tone.hbs', text: 'Be kind.' } : undefined),
    known: ([head = '']) => (DECLARED.has(head) ? 'yes' : 'no'),
  });

/** Row of the fault catalogue, what is wrong, the prompt, the code, and where. */
const HOSTILE: Array<[row: string, prompt: unknown, code: string, place: [line: number, column: number]]> = [
  ['B01 constructor', '{{constructor.constructor "return process"}}', 'PROMPT_PATH_FORBIDDEN', [1, 3]],
  ['B01 constructor in brackets', '{{x.[constructor].name}}', 'PROMPT_PATH_FORBIDDEN', [1, 3]],
  ['B01 constructor in an argument', 'a\n{{upper x.constructor}}', 'PROMPT_PATH_FORBIDDEN', [2, 9]],
  ['B01 __proto__', 'Hi {{__proto__}}', 'PROMPT_PATH_FORBIDDEN', [1, 6]],
  [
    'B01 __proto__ as block parameter',
    '{{#each a as |__proto__|}}x{{/each}}',
    'PROMPT_PATH_FORBIDDEN',
    [1, 4],
  ],
  ['B01 __proto__ as name of a value', '{{> tone __proto__=x}}', 'PROMPT_PATH_FORBIDDEN', [1, 10]],
  ['B01 lookup', '{{lookup this "constructor"}}', 'PROMPT_PATH_FORBIDDEN', [1, 3]],
  ['B01 lookup inside', '{{upper (lookup x "y")}}', 'PROMPT_PATH_FORBIDDEN', [1, 10]],
  ['B01 all variables', '{{json @root}}', 'PROMPT_PATH_FORBIDDEN', [1, 8]],
  [
    'B02 a tree',
    { type: 'Program', body: [{ type: 'NumberLiteral', value: '(globalThis.PWNED=1)' }] },
    'TEMPLATE_SCHEMA',
    [1, 1],
  ],
  ['B02 a list', ['{{x}}'], 'TEMPLATE_SCHEMA', [1, 1]],
  ['B02 nothing', null, 'TEMPLATE_SCHEMA', [1, 1]],
  ['B03 decorator', 'one\n  {{*n}}', 'PROMPT_SYNTAX_FORBIDDEN', [2, 3]],
  ['B04 inline partial', '{{#*inline "a"}}{{> a}}{{/inline}}{{> a}}', 'PROMPT_SYNTAX_FORBIDDEN', [1, 1]],
  ['B04 partial block', '{{#> tone}}x{{/tone}}', 'PROMPT_SYNTAX_FORBIDDEN', [1, 1]],
  ['B04 raw block', '{{{{x}}}}y{{{{/x}}}}', 'PROMPT_SYNTAX_FORBIDDEN', [1, 1]],
  ['B05 computed partial', '{{> (lookup . "p")}}', 'PROMPT_PARTIAL_FORBIDDEN', [1, 5]],
  ['B05 partial outside', '{{> ../../etc/passwd}}', 'PROMPT_PARTIAL_FORBIDDEN', [1, 5]],
  ['B05 partial outside, quoted', '{{> "../../etc/passwd"}}', 'PROMPT_PARTIAL_FORBIDDEN', [1, 5]],
  ['B05 partial by number', '{{> 1}}', 'PROMPT_PARTIAL_FORBIDDEN', [1, 5]],
  ['B05 partial of the block', '{{> @partial-block}}', 'PROMPT_PARTIAL_FORBIDDEN', [1, 5]],
  ['B05 unknown partial', '{{> nobody}}', 'PROMPT_PARTIAL_FORBIDDEN', [1, 5]],
  ['B06 unknown helper', 'Hello {{exec "id"}}', 'PROMPT_HELPER_UNKNOWN', [1, 9]],
  ['B06 unknown helper inside', '{{#if (exec "id")}}x{{/if}}', 'PROMPT_HELPER_UNKNOWN', [1, 8]],
  ['B06 unknown block', '{{#x}}y{{/x}}', 'PROMPT_HELPER_UNKNOWN', [1, 4]],
  ['B07 log', '{{log secrets.key level="error"}}', 'PROMPT_HELPER_UNKNOWN', [1, 3]],
  ['B08 blocks never closed', '{{#if a}}'.repeat(5000), 'PROMPT_RENDER_BUDGET', [1, 289]],
  ['B08 blocks closed', '{{#if a}}'.repeat(4000) + '{{/if}}'.repeat(4000), 'PROMPT_RENDER_BUDGET', [1, 289]],
  ['B08 links of else', `{{#if a}}${'{{else if a}}'.repeat(4900)}{{/if}}`, 'PROMPT_RENDER_BUDGET', [1, 413]],
  [
    'B08 parentheses',
    `{{not ${'(not '.repeat(6000)}a${')'.repeat(6000)}}}`,
    'PROMPT_RENDER_BUDGET',
    [1, 167],
  ],
  ['B08 too long', 'x'.repeat(65_537), 'PROMPT_RENDER_BUDGET', [1, 1]],
  ['B10 undeclared', 'Hi\n\n  {{missing.deep}}', 'PROMPT_VAR_UNKNOWN', [3, 5]],
  ['B10 undeclared in a condition', '{{#if missing}}x{{/if}}', 'PROMPT_VAR_UNKNOWN', [1, 7]],
  ['B10 undeclared in a helper', '{{default missing "x"}}', 'PROMPT_VAR_UNKNOWN', [1, 11]],
  ['B10 above the data', '{{../x}}', 'PROMPT_VAR_UNKNOWN', [1, 3]],
  ['literal in braces', '{{"x"}}', 'PROMPT_SYNTAX_FORBIDDEN', [1, 1]],
  ['not closed', 'a\n{{#if a}}', 'PROMPT_SYNTAX', [2, 10]],
  ['closed by another', '{{#if a}}\nx{{/each}}', 'PROMPT_SYNTAX', [1, 4]],
];

/** Next to each hostile row something an author may well write. */
const BENIGN: Array<[row: string, prompt: string, rendered: string]> = [
  ['B01 the word alone', 'No constructor, no __proto__.', 'No constructor, no __proto__.'],
  ['B02 text', 'Text', 'Text'],
  ['B03 an asterisk', '**{{x}}**', '**X & "Y"**'],
  ['B05 a shared prompt', '{{> tone}}', 'Be kind.'],
  ['B06 a known helper', '{{upper x}}', 'X & "Y"'],
  ['B08 32 deep', `${'{{#if x}}'.repeat(32)}deep${'{{/if}}'.repeat(32)}`, 'deep'],
  ['B08 many, side by side', '{{#if x}}.{{/if}}'.repeat(1500), '.'.repeat(1500)],
  ['B08 braces in a comment', `{{!-- ${'{{#if a}}'.repeat(100)} --}}ok`, 'ok'],
  ['B08 escaped braces', String.raw`\{{#if a}}`.repeat(3), '{{#if a}}'.repeat(3)],
  ['B09 a loop of loops', '{{#each @root.a}}{{#each @root.a}}{{this}}{{/each}} {{/each}}', '12 12 '],
  ['B10 declared', '{{inputs.topic}}', 'Tea'],
  ['B12 three braces', '{{{x}}} & < >', 'X & "Y" & < >'],
  ['B12 two braces', '{{x}} & < >', 'X & "Y" & < >'],
];

describe('a hostile prompt is refused when it is checked', () => {
  it.each(HOSTILE.map((row) => [row[0], row[2], row] as const))('%s gets %s', (_id, _code, row) => {
    const [, prompt, code, [line, column]] = row;
    const { problems, prompt: planned } = check(prompt);
    expect(planned).toBeNull();
    expect(problems[0]).toMatchObject({ code, file: 'prompts/p.hbs', line, column });
    expect(problems[0]?.message).not.toBe('');
  });

  it('names the helper that does not exist, and its column', () => {
    expect(check('Hello {{exec "id"}}').problems[0]?.message).toBe('There is no helper "exec" (column 9).');
  });

  it.each(BENIGN)('%s is accepted and rendered', (_row, prompt, rendered) => {
    const checked = check(prompt);
    expect(checked.problems).toEqual([]);
    const data = { inputs: { topic: 'Tea' }, a: [1, 2], x: 'X & "Y"' };
    expect(checked.prompt && renderPrompt(checked.prompt, data, CAPS)).toBe(rendered);
  });
});

describe('a hostile prompt that comes from a stored plan is refused when it is rendered', () => {
  const plan = (source: string) => ({ path: 'prompts/p.hbs', source, partials: {} });

  it.each(HOSTILE.filter(([, , code]) => !['PROMPT_VAR_UNKNOWN'].includes(code)))(
    '%s',
    (row, prompt, code) => {
      // What a partial is allowed to be is decided by the plan here: it holds none.
      const expected = row === 'B01 __proto__ as name of a value' ? 'PROMPT_PATH_FORBIDDEN' : code;
      expect(() => renderPrompt(plan(prompt as string), { a: [1], x: 'x' }, CAPS)).toThrow(
        expect.objectContaining({ code: expected }),
      );
    },
  );

  it('B11: text that a value brings along is rendered once, as it is', () => {
    const data = { topic: '{{secrets.openai}} {{{x}}} ${{ inputs.a }}', secrets: { openai: 'canary' } };
    const text = renderPrompt(plan('About {{topic}}'), data, CAPS);
    expect(text).toBe('About {{secrets.openai}} {{{x}}} ${{ inputs.a }}');
  });
});
