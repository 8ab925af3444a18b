import { describe, expect, it } from '@jest/globals';
import { Warnings } from '../document/model.ts';
import { readFrontMatter } from './front-matter.ts';

const read = (yaml: string) => {
  const warnings = new Warnings();
  return { facts: readFrontMatter(yaml, { file: 'a.md', firstLine: 2, warnings }), warnings: warnings.list };
};

describe('readFrontMatter', () => {
  it.each<[string, object]>([
    ['title: 1984', { title: '1984' }],
    ['Title: "A  <b>\\n"', { title: 'A <b>' }],
    ['author: A', { authors: ['A'] }],
    ['authors: [A, {name: B, role: x}, A, {x: 1}, 7]', { authors: ['A', 'B', '7'] }],
    ['tags: [a, b]', { subjects: ['a', 'b'] }],
    ['date: 2026-11-21T10:00:00Z', { date: '2026-11-21' }],
    ['date: last week', {}],
    ['abstract: |\n  One\n  line.\n\n  Two.', { description: 'One\nline.\n\nTwo.' }],
    ['description: ""', {}],
    ['lang: de_AT', { language: 'de_AT' }],
    ['title:\n  - type: main\n    text: T', { title: 'T' }],
    ['- a list', {}],
    ['just words', {}],
    ['title: [[[]]]', {}],
    ['__proto__: {title: x}', {}],
  ])('%j', (yaml, facts) => {
    expect(read(yaml)).toEqual({ facts, warnings: [] });
  });

  it.each([
    ['a: 1\ntitle: "x', 3],
    ['title: a\ntitle: b', 3],
    ['a: &a [x]\nb: [*a, *a]', 2],
    ['title: a\nlang: "not a tag!"', 2],
  ])('warns at the line of %j', (yaml, line) => {
    const { warnings } = read(yaml);
    expect(warnings).toMatchObject([{ code: 'FRONT_MATTER_INVALID', file: 'a.md', line }]);
  });

  it('is not blown up by aliases of aliases', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...Array.from(
        'bcdefghi',
        (name, index) =>
          `${name}: &${name} [${'*'}${'abcdefgh'[index] ?? 'a'}, *${'abcdefgh'[index] ?? 'a'}]`,
      ),
    ].join('\n');
    expect(read(bomb).facts).toEqual({});
  });
});
