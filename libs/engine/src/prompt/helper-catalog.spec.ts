import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { checkPrompt } from './check-prompt.ts';
import { PROMPT_HELPER_NAMES, PROMPT_HELPERS } from './helper-catalog.ts';
import { HELPER_EXAMPLES } from './helpers.examples.ts';
import { renderPrompt } from './render-prompt.ts';

const REFERENCE = new URL('../../../../docs/reference/prompts.md', import.meta.url);
const START = '<!-- helpers: generated from libs/engine/src/prompt, do not edit -->';
const END = '<!-- /helpers -->';

/** The section of the reference between the two markers, as it must be. */
function helperReference(): string {
  const sections = PROMPT_HELPERS.map(({ name, usage, summary }) => {
    const examples = (HELPER_EXAMPLES[name] ?? []).map(
      ({ prompt, data, gives }) =>
        `\`\`\`\n${prompt}\n\`\`\`\n\nwith \`${JSON.stringify(data)}\` gives\n\n\`\`\`\n${gives}\n\`\`\`\n`,
    );
    return `### ${name}\n\n${summary} \`${usage}\`\n\n${examples.join('\n')}`;
  });
  return `${START}\n\n${sections.join('\n')}\n${END}`;
}

describe('helpers', () => {
  it('are sorted by name, each once, and each has examples', () => {
    expect(PROMPT_HELPER_NAMES).toEqual([...new Set(PROMPT_HELPER_NAMES)].sort());
    expect(Object.keys(HELPER_EXAMPLES)).toEqual(PROMPT_HELPER_NAMES);
  });

  it.each(
    Object.values(HELPER_EXAMPLES)
      .flat()
      .map((example) => [example.prompt, example] as const),
  )('%s does what the reference says', (_prompt, { prompt, data, gives }) => {
    const checked = checkPrompt({
      path: 'p.hbs',
      text: prompt,
      partial: () => undefined,
      known: () => 'maybe',
    });
    expect(checked.problems).toEqual([]);
    expect(checked.prompt && renderPrompt(checked.prompt, data, { outputBytes: 1000, steps: 1000 })).toBe(
      gives,
    );
  });

  // Mend a failure by running this spec with UPDATE_REFERENCE=1 set, and read what it changed.
  it('stand in the reference as they are here', async () => {
    const text = readFileSync(REFERENCE, 'utf8');
    const [from, to] = [text.indexOf(START), text.indexOf(END) + END.length];
    expect(from).toBeGreaterThan(0);
    if (process.env['UPDATE_REFERENCE'] === '1') {
      const { writeFileSync } = await import('node:fs');
      writeFileSync(REFERENCE, text.slice(0, from) + helperReference() + text.slice(to));
    }
    const now = readFileSync(REFERENCE, 'utf8');
    expect(now.slice(from, now.indexOf(END) + END.length)).toBe(helperReference());
  });

  it.each([
    ['{{upper}}', '{{upper text}}'],
    ['{{eq a}}', '{{#if (eq a b)}}'],
    ['{{join a b c}}', '{{join list ", "}}'],
    ['{{#if a b}}x{{/if}}', '{{#if value}}'],
  ])('%s has the wrong arguments', (text, usage) => {
    const { problems } = checkPrompt({ path: 'p.hbs', text, partial: () => undefined, known: () => 'yes' });
    expect(problems).toMatchObject([
      { code: 'PROMPT_HELPER_ARGUMENTS', hint: expect.stringContaining(usage) },
    ]);
  });

  it('a variable with the name of a helper is read through this', () => {
    const render = (source: string) =>
      renderPrompt(
        { path: 'p.hbs', source, partials: {} },
        { length: '9 pages' },
        { outputBytes: 100, steps: 100 },
      );
    expect(render('{{this.length}} {{./length}}')).toBe('9 pages 9 pages');
  });
});
