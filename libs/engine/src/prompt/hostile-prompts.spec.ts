import { describe, expect, it } from '@jest/globals';
import { checkPrompt } from './check-prompt.ts';
import type { CheckedPrompt } from './check-prompt.ts';
import { BENIGN_PROMPTS, HOSTILE_PROMPTS } from '../../../../test/support/hostile/prompts.ts';
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

describe('a hostile prompt is refused when it is checked', () => {
  it.each(HOSTILE_PROMPTS.map((row) => [row[0], row[2], row] as const))('%s gets %s', (_id, _code, row) => {
    const [, prompt, code, [line, column]] = row;
    const { problems, prompt: planned } = check(prompt);
    expect(planned).toBeNull();
    expect(problems[0]).toMatchObject({ code, file: 'prompts/p.hbs', line, column });
    expect(problems[0]?.message).not.toBe('');
  });

  it('names the helper that does not exist, and its column', () => {
    expect(check('Hello {{exec "id"}}').problems[0]?.message).toBe('There is no helper "exec" (column 9).');
  });

  it.each(BENIGN_PROMPTS)('%s is accepted and rendered', (_row, prompt, rendered) => {
    const checked = check(prompt);
    expect(checked.problems).toEqual([]);
    const data = { inputs: { topic: 'Tea' }, a: [1, 2], x: 'X & "Y"' };
    expect(checked.prompt && renderPrompt(checked.prompt, data, CAPS)).toBe(rendered);
  });
});

describe('a hostile prompt that comes from a stored plan is refused when it is rendered', () => {
  const plan = (source: string) => ({ path: 'prompts/p.hbs', source, partials: {} });

  it.each(HOSTILE_PROMPTS.filter(([, , code]) => !['PROMPT_VAR_UNKNOWN'].includes(code)))(
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
