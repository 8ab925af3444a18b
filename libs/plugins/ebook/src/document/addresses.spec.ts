import { describe, expect, it } from '@jest/globals';
import { hasScheme, safeAddress } from './addresses.ts';

describe('safeAddress', () => {
  it.each([
    ['https://example.org', 'https://example.org/'],
    ['  HTTP://Example.ORG/a b?q=<x>#f#g ', 'http://example.org/a%20b?q=%3Cx%3E#f%23g'],
    ['https://user:secret@example.org/x', 'https://example.org/x'],
    ['https://example.org/100%', 'https://example.org/100%25'],
    ['https://例え.jp/', 'https://xn--r8jz45g.jp/'],
    ['mailto:a.b+c@example.org?subject=Hi you', 'mailto:a.b+c@example.org?subject=Hi%20you'],
  ])('keeps %s', (given, expected) => {
    expect(safeAddress(given)).toBe(expected);
  });

  it.each([
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'vbscript:x',
    'data:text/html,<script>',
    'file:///etc/passwd',
    'ftp://example.org',
    'http://[::1]/',
    'https://exa mple.org/',
    'mailto:nobody',
    'mailto:a@b\nbcc:c@d',
    '//example.org',
    'chapter.md',
    '',
    `https://example.org/${'a'.repeat(4001)}`,
  ])('refuses %j', (given) => {
    expect(safeAddress(given)).toBeNull();
  });
});

describe('hasScheme', () => {
  it.each([
    ['https://x', true],
    ['//x', true],
    ['mailto:x', true],
    ['a/b.md', false],
    ['#x', false],
    ['1:2', false],
  ])('%s: %s', (given, expected) => {
    expect(hasScheme(given)).toBe(expected);
  });
});
