import { describe, expect, it } from '@jest/globals';

import { textForPattern } from './pattern.ts';
import { createRandom } from './random.ts';

const options = { minLength: 0, maxLength: 80, seed: 'green-tea', random: createRandom('pattern') };

describe('text for a pattern', () => {
  it.each([
    ['^[a-z]{3}$', /^[a-z]{3}$/],
    ['^(ab|cd){2,3}x?$', /^(ab|cd){2,3}x?$/],
    ['\\d+\\.\\d{2}', /\d+\.\d{2}/],
    ['^[^aeiou]+$', /^[^aeiou]+$/],
    ['^\\p{L}[\\w-]*$', /^\p{L}[\w-]*$/u],
    ['^[\\]\\-x]$', /^[\]\-x]$/],
    ['^\\u0041\\x42(?<year>\\d{4})$', /^\u0041\x42(?<year>\d{4})$/],
    ['^a{2}b{1,}c*?$', /^a{2}b{1,}c*?$/],
    ['^{literal}$', /^\{literal\}$/],
    ['', /^/],
  ])('matches %s', (pattern, expression) => {
    expect(textForPattern(pattern, options)).toMatch(expression);
  });

  it('reads like its subject where the pattern allows it', () => {
    expect(textForPattern('^[a-z-]+$', options)).toMatch(/^green-tea/);
  });

  it('grows and stays small as the lengths ask', () => {
    expect(textForPattern('^[a-z]+$', { ...options, minLength: 70 })?.length).toBeGreaterThanOrEqual(70);
    expect(textForPattern('^[a-z]*$', { ...options, maxLength: 2 })?.length).toBeLessThanOrEqual(2);
    expect(textForPattern('^[a-z]{5}$', { ...options, maxLength: 2 })).toBeUndefined();
  });

  it.each(['(?=a)b', '(?<!a)b', '(a)\\1', '\\k<a>', '[a', '(a', 'a)', '*a', '\\p{Script=Greek}', '[z-a]'])(
    'gives up on %s',
    (pattern) => {
      expect(textForPattern(pattern, options)).toBeUndefined();
    },
  );
});
