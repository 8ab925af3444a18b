import { describe, expect, it } from '@jest/globals';
import { flowInlines } from './flow-text.ts';
import type { Inline } from './model.ts';

const text = (value: string): Inline => ({ type: 'text', value });
const em = (...content: Inline[]): Inline => ({ type: 'emphasis', content });

describe('flowInlines', () => {
  it.each<[string, Inline[], Inline[]]>([
    [
      'a line end is a space',
      [text('It lives in a Git\nrepository')],
      [text('It lives in a Git repository')],
    ],
    ['runs are one space', [text('a \t\n  b')], [text('a b')]],
    [
      'also across marks',
      [text('a '), em(text('\n b\nc ')), text(' d')],
      [text('a '), em(text('b c ')), text('d')],
    ],
    [
      'none beside a hard break',
      [text('a '), { type: 'break' }, text('\n b')],
      [text('a'), { type: 'break' }, text('b')],
    ],
    ['a no-break space stays', [text('a\u00a0\u00a0b\n\u00a0c')], [text('a\u00a0\u00a0b \u00a0c')]],
    ['Japanese joins without a space', [text('日本語の\n文章。\nABC\n文')], [text('日本語の文章。 ABC 文')]],
    ['Korean keeps its space', [text('한국\n어')], [text('한국 어')]],
    ['a mark of nothing but space goes', [text('a '), em(text('\n')), text('b')], [text('a '), text('b')]],
    [
      'code is left as it is',
      [{ type: 'code', value: 'a  b' }, text('\nc')],
      [{ type: 'code', value: 'a  b' }, text(' c')],
    ],
  ])('%s', (_title, given, expected) => {
    expect(flowInlines(given)).toEqual(expected);
  });
});
