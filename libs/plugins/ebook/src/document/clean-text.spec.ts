import { describe, expect, it } from '@jest/globals';
import { cleanLine, cleanText, directionOf } from './clean-text.ts';

describe('cleanText', () => {
  it.each([
    ['control characters go', 'a\u0000\u0008\u001b\u007f\u0085b', 'a\nb'],
    ['lone surrogates are marked', 'a\ud800b\udc00', 'a\ufffdb\ufffd'],
    ['noncharacters go', '\ufffe\uffff\u{1fffe}x\ufdd0', 'x'],
    ['bidi overrides go, marks stay', '\u202eabc\u202c \u200f\u2067d\u2069', 'abc \u200fd'],
    ['every line end is one', 'a\r\nb\rc\u2028d', 'a\nb\nc\nd'],
    ['letters are composed', 'e\u0301', '\u00e9'],
  ])('%s', (_title, given, expected) => {
    expect(cleanText(given)).toBe(expected);
  });

  it('makes one line of many', () => {
    expect(cleanLine('  a\r\n\tb\u00a0c ')).toBe('a b c');
  });
});

describe('directionOf', () => {
  it.each([
    ['12 abc', 'ltr'],
    ['«مرحبا»', 'rtl'],
    ['שלום abc', 'rtl'],
    ['42 %', null],
  ])('%s: %s', (given, expected) => {
    expect(directionOf(given)).toBe(expected);
  });
});
