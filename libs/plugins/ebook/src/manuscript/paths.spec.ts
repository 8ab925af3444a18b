import { describe, expect, it } from '@jest/globals';
import { resolvePath, titleFromName } from './paths.ts';

describe('resolvePath', () => {
  it.each([
    ['a/b.md', 'c.md', 'a/c.md'],
    ['a/b.md', '../c.md?x#y', 'c.md'],
    ['a/b.md', '/c.md', 'c.md'],
    ['a/b.md', 'x%20y%23.png', 'a/x y#.png'],
    ['a/b.md', 'x\\y.png', 'a/x/y.png'],
    ['a/b.md', '50%.png', 'a/50%.png'],
    ['a/b.md', '%252e%252e/x', 'a/%2e%2e/x'],
    ['a/b.md', '../../x', null],
    ['a/b.md', '%2e%2e/%2e%2e/x', null],
  ])('from %s, %s is %s', (from, reference, expected) => {
    expect(resolvePath(from, reference)).toBe(expected);
  });
});

describe('titleFromName', () => {
  it.each([
    ['a/03-getting_started.md', 'Getting started'],
    ['1984.md', '1984'],
    ['10. Harvest.md', 'Harvest'],
    ['-.md', '-'],
  ])('%s: %s', (path, title) => {
    expect(titleFromName(path)).toBe(title);
  });
});
