import { describe, expect, it } from '@jest/globals';
import type { Json } from '../vocabulary.ts';
import { EVERY, parsePath, pick } from './value-path.ts';

const ROOT: Json = { stages: { 'a b': [{ title: 'One' }, { title: 'Two', 'x.y': null }] }, empty: [] };

describe('a path', () => {
  it.each([
    ['stages', ['stages']],
    ['stages.a_b-c', ['stages', 'a_b-c']],
    ['stages["a b"][0].title', ['stages', 'a b', 0, 'title']],
    ['stages["a \\"b\\""]', ['stages', 'a "b"']],
    ['list[*].title', ['list', EVERY, 'title']],
    ['[2]', [2]],
  ])('%s is read', (text, steps) => {
    expect(parsePath(text)).toEqual(steps);
  });

  it.each(['', '.', '.a', 'a.', 'a..b', 'a b', 'a[', 'a[-1]', 'a[x]', 'a[0]b', 'a.[0]', 'a["b]', '1a'])(
    '%j is none',
    (text) => {
      expect(parsePath(text)).toBeNull();
    },
  );

  it.each<[string, Array<[string, unknown]>]>([
    ['stages["a b"][0].title', [['stages["a b"][0].title', 'One']]],
    [
      'stages["a b"][*].title',
      [
        ['stages["a b"][0].title', 'One'],
        ['stages["a b"][1].title', 'Two'],
      ],
    ],
    ['stages["a b"][1]["x.y"]', [['stages["a b"][1]["x.y"]', null]]],
    ['empty[*]', []],
    ['empty[0]', [['empty[0]', undefined]]],
    ['stages[*]', [['stages[*]', undefined]]],
    ['constructor', [['constructor', undefined]]],
    ['empty.length', [['empty.length', undefined]]],
  ])('%s leads to what is there', (text, expected) => {
    expect(pick(ROOT, parsePath(text)!).map(({ path, value }) => [path, value])).toEqual(expected);
  });
});
