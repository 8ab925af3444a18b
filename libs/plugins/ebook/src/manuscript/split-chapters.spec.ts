import { describe, expect, it } from '@jest/globals';
import type { Block } from '../document/model.ts';
import { splitFile } from './split-chapters.ts';

/** `1 A` is a heading of level 1, anything else a paragraph. */
const blocks = (...lines: string[]): Block[] =>
  lines.map((line): Block => {
    const [, level, words = line] = /^(\d) (.*)$/.exec(line) ?? [];
    const content = [{ type: 'text' as const, value: words }];
    return level === undefined
      ? { type: 'paragraph', content }
      : { type: 'heading', level: Number(level), id: words.toLowerCase(), content };
  });
const split = (lines: string[], options: { only: boolean; title?: string }) => {
  const { bookTitle, parts } = splitFile(blocks(...lines), options);
  return { bookTitle, parts: parts.map(({ title, content }) => `${title ?? '-'}: ${content.length}`) };
};

describe('splitFile', () => {
  it.each<
    [string, string[], { only: boolean; title?: string }, { bookTitle: string | null; parts: string[] }]
  >([
    [
      'several first-level headings are chapters',
      ['1 A', 'x', '1 B', '2 C', 'y'],
      { only: true },
      { bookTitle: null, parts: ['A: 1', 'B: 2'] },
    ],
    [
      'one above several second-level ones is the book',
      ['1 Book', 'x', '2 A', '2 B', 'y'],
      { only: true },
      { bookTitle: 'Book', parts: ['-: 1', 'A: 0', 'B: 1'] },
    ],
    [
      'second-level headings alone cut a book',
      ['2 A', 'x', '2 B'],
      { only: true },
      { bookTitle: null, parts: ['A: 1', 'B: 0'] },
    ],
    [
      'a file among others is one chapter',
      ['1 A', '2 B', '2 C'],
      { only: false },
      { bookTitle: null, parts: ['A: 2'] },
    ],
    [
      'front matter names a chapter without heading',
      ['x', '2 B'],
      { only: false, title: 'T' },
      { bookTitle: null, parts: ['T: 2'] },
    ],
    [
      'a heading at the start names a chapter',
      ['3 A', 'x'],
      { only: false },
      { bookTitle: null, parts: ['A: 1'] },
    ],
    [
      'a first-level heading further down names it too',
      ['x', '1 A', 'y'],
      { only: false },
      { bookTitle: null, parts: ['A: 2'] },
    ],
    [
      'words before the first chapter are kept',
      ['x', '1 A', '1 B'],
      { only: true },
      { bookTitle: null, parts: ['-: 1', 'A: 0', 'B: 0'] },
    ],
    ['nothing gives one part with nothing', [], { only: true }, { bookTitle: null, parts: ['-: 0'] }],
  ])('%s', (_title, lines, options, expected) => {
    expect(split(lines, options)).toEqual(expected);
  });
});
