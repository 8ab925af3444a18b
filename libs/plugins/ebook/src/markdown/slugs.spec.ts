import { describe, expect, it } from '@jest/globals';
import { asciiSlug, slugOf, Slugs } from './slugs.ts';

describe('slugOf', () => {
  it.each([
    ['Part B', 'part-b'],
    ['A, B & C', 'a-b--c'],
    ['--verbose', '--verbose'],
    ['Größe: 1.2', 'größe-12'],
    ['人情の碗', '人情の碗'],
    ['🥕', ''],
  ])('%s: %s', (given, expected) => {
    expect(slugOf(given)).toBe(expected);
  });
});

describe('Slugs', () => {
  it('numbers what repeats, even when a heading is called like a number of another', () => {
    const slugs = new Slugs();
    expect(['a', 'a', 'a-1', 'a', '!', '?'].map((text) => slugs.next(text))).toEqual([
      'a',
      'a-1',
      'a-1-1',
      'a-2',
      'section',
      'section-1',
    ]);
  });

  it('stays short and well-formed', () => {
    const slug = new Slugs().next('𠮷'.repeat(80));
    expect(slug.length).toBeLessThanOrEqual(64);
    expect(slug).not.toMatch(/\p{Cs}/u);
  });
});

describe('asciiSlug', () => {
  it.each([
    ['The Book of Tea', 'the-book-of-tea'],
    ['Über Öfen', 'uber-ofen'],
    ['茶', ''],
    ['../../etc', 'etc'],
  ])('%s: %s', (given, expected) => {
    expect(asciiSlug(given)).toBe(expected);
  });
});
