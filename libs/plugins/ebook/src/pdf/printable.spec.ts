import { describe, expect, it } from '@jest/globals';
import { Warnings } from '../document/model.ts';
import { Printable } from './printable.ts';

const ascii = (code: number) => code < 0x7f || code === 0x682a;

describe('Printable', () => {
  it.each([
    ['a character that no font has is spelled out', 'a\u{12000}b', 'a[U+12000]b'],
    ['a plain form stands in where there is one', 'ＡＢ① ㈱', 'AB1 (株)'],
    ['what nobody sees goes', 'a\u200bb\u00adc\ufe0f', 'abc'],
    ['odd spaces are spaces', 'a\u2003b', 'a b'],
    ['a family of emoji is its first', '\u{1f468}\u200d\u{1f469}', '[U+1F468][U+1F469]'],
  ])('%s', (_title, given, expected) => {
    expect(new Printable(ascii).text(given)).toBe(expected);
  });

  it('lets words break that fit on no line', () => {
    const out = new Printable(ascii).text('w'.repeat(100));
    expect(out.replaceAll('\u200b', '')).toBe('w'.repeat(100));
    expect(Math.max(...out.split('\u200b').map((part) => part.length))).toBeLessThanOrEqual(16);
  });

  it('lets code in a table break behind its punctuation', () => {
    expect(new Printable(ascii).narrowCode('stages.outline.output').split('\u200b')).toEqual([
      'stages.',
      'outline.',
      'output',
    ]);
    expect(
      Math.max(
        ...new Printable(ascii)
          .narrowCode('A'.repeat(40))
          .split('\u200b')
          .map((part) => part.length),
      ),
    ).toBeLessThan(17);
  });

  it('warns once, with the characters', () => {
    const printable = new Printable(ascii);
    const warnings = new Warnings();
    printable.text('\u{12000}\u{12000}\ua000');
    printable.warn(warnings);
    expect(warnings.list).toMatchObject([
      { code: 'PDF_GLYPH_MISSING', message: expect.stringContaining('2 character(s): U+A000, U+12000') },
    ]);
  });
});
