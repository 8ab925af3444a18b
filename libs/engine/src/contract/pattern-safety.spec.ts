import { describe, expect, it } from '@jest/globals';
import { patternFault } from './pattern-safety.ts';
import { re2 } from './re2-engine.ts';

const AMBIGUOUS = [
  '^(a|a)*$',
  '(a+)+',
  '(a*)*',
  '^(a|aa)+$',
  '^([a-zA-Z]+)*$',
  '(a|b|ab)*',
  '(.*a){20}',
  String.raw`(\w+\s?)*`,
  '(x+x+)+y',
  '(a{1,3})*',
  String.raw`^(\d+|[0-9]+,)*$`,
  '(a?)*',
  '(|a)+',
  '((a|b)*c)*x|(d|d)*',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(a?){20}',
  String.raw`^(\p{L}|é)+$`,
  '(?:a|(?:b|(?:c|a)))*',
  String.raw`(\u0061|a)*`,
];
const NOT_PORTABLE = [
  '(?=a)b',
  '(?!a)b',
  '(?<=a)b',
  '(?<!a)b',
  String.raw`(a)\1`,
  String.raw`(?<n>a)\k<n>`,
  '[[:alpha:]]+',
  '(?i)abc',
  String.raw`\pL`,
  '(',
  'a**',
  '[z-a]',
  '\\',
];
const TOO_LARGE = [
  'a{2000}',
  '((a{100}){100})',
  'a'.repeat(1001),
  `^(${Array.from({ length: 400 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('|')})*$`,
];
const SAFE: Array<[pattern: string, matches: string, not: string]> = [
  ['^[a-z0-9]+(-[a-z0-9]+)*$', 'a-b-c', 'a--b'],
  [String.raw`^\d{4}-\d{2}-\d{2}$`, '2026-11-21', '26-11-21'],
  ['^(foo|bar)+$', 'foobar', 'fo'],
  [String.raw`^(\p{L}+-)*\p{L}+$`, 'Grüner-Tee', 'a-'],
  [String.raw`^[^@\s]+@[^@\s]+\.[^@\s]+$`, 'a@b.c', 'a@b'],
  [String.raw`^(?:[0-9]{1,3}\.){3}[0-9]{1,3}$`, '10.0.0.1', '10.0.1'],
  ['^(a{2})*$', 'aaaa', 'aaa'],
  ['^.{0,200}$', 'a', 'a'.repeat(201)],
  [String.raw`^(/[^/]+)*$`, '/a/b', 'a/b'],
  [String.raw`^\S+( \S+)*$`, 'a b', 'a  b'],
  ['^(?<year>a)(b|c)*$', 'abc', 'b'],
  [String.raw`^[\u4e00-\u9fff]+$`, '中文', 'a'],
  ['^(.|\n)*$', 'a\nb', ''],
  ['(ab|ac)+', 'xab', 'a'],
  [String.raw`^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$`, '1.2.3-beta.1', '1.2'],
  ['^([01]?[0-9]|2[0-3]):[0-5][0-9]$', '23:59', '24:00'],
];

describe('a pattern', () => {
  it.each(AMBIGUOUS)('%s is refused: a loop can read the same text in two ways', (pattern) => {
    expect(patternFault(pattern)).toMatch(/overlap|nested|empty/);
  });

  it.each(NOT_PORTABLE)('%s is refused: it does not mean the same everywhere', (pattern) => {
    expect(patternFault(pattern)).toMatch(/not supported|both ECMAScript and RE2/);
  });

  it.each(TOO_LARGE)('%s is refused: too large', (pattern) => {
    expect(patternFault(pattern)).toMatch(/longer than|too large|too complicated/);
  });

  it.each(SAFE)('%s is accepted, and means what it means in ECMAScript', (pattern, matches, not) => {
    expect(patternFault(pattern)).toBeNull();
    for (const text of [matches, not])
      expect(re2(pattern).test(text)).toBe(new RegExp(pattern, 'u').test(text));
    expect(re2(pattern).test(matches)).toBe(true);
  });

  it('is matched in linear time even where it would be ambiguous', () => {
    expect(re2('^(a|a)*$').test(`${'a'.repeat(5000)}!`)).toBe(false);
  });
});
