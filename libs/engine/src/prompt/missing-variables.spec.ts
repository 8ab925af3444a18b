import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../vocabulary.ts';
import { missingVariables } from './render-prompt.ts';

const CAPS = { outputBytes: 10_000, steps: 1_000 };
const missing = (source: string, data: JsonObject, partials: Record<string, string> = {}) =>
  missingVariables({ path: 'p.hbs', source, partials }, data, CAPS).map(
    ({ variable, file, line, column, code }) =>
      `${file}:${line}:${column} ${variable}${code === 'PROMPT_VAR_NULL' ? ' is null' : ''}`,
  );

describe('the variables that a rendering would miss', () => {
  it.each<[string, string, JsonObject, string[]]>([
    ['none', '{{a}} {{b.c}}', { a: 1, b: { c: '' } }, []],
    [
      'all of them, each at every place',
      '{{a}} {{b.c}}\n{{a}}',
      {},
      ['p.hbs:1:3 a', 'p.hbs:1:9 b.c', 'p.hbs:2:3 a'],
    ],
    ['null ones', '{{a}}', { a: null }, ['p.hbs:1:3 a is null']],
    [
      'what stands behind a condition that holds',
      '{{#if a}}{{b}}{{else}}{{c}}{{/if}}',
      { a: true },
      ['p.hbs:1:12 b'],
    ],
    ['what stands behind one that does not', '{{#if a}}{{b}}{{else}}{{c}}{{/if}}', {}, ['p.hbs:1:25 c']],
    ['none that has a default', '{{default a "x"}}{{#each b}}{{x}}{{else}}none{{/each}}', {}, []],
    ['a list that must be there', '{{#each a}}{{b}}{{/each}}', {}, ['p.hbs:1:9 a']],
    ['those of an item', '{{#each a}}{{b}}{{/each}}', { a: [{ b: 1 }, {}] }, ['p.hbs:1:14 b']],
    ['arguments of helpers', '{{upper (join a ",")}} {{b}}', {}, ['p.hbs:1:15 a', 'p.hbs:1:26 b']],
    [
      'values for partials, and what is in these',
      '{{> q x=a}}{{b}}',
      {},
      ['p.hbs:1:9 a', 'prompts/q.hbs:2:3 y', 'p.hbs:1:14 b'],
    ],
  ])('are %s', (_what, source, data, found) => {
    expect(missing(source, data, { q: '{{x}}\n{{y}}' })).toEqual(found);
  });

  it('are looked for within bounds, and as far as there is no other fault', () => {
    expect(
      missing('{{#each a}}{{b}}{{/each}}{{c}}', { a: Array.from({ length: 2_000 }, () => ({})) }),
    ).toEqual(['p.hbs:1:14 b']);
    expect(missing('{{a}}{{b}}{{c}}', { b: [] })).toEqual(['p.hbs:1:3 a']);
  });
});
