import { describe, expect, it } from '@jest/globals';
import type { Json } from '@stagewright/engine/plugin';
import { readBlocks, readNotes } from './read-document.ts';

const paragraph = (...content: Json[]): Json => ({ type: 'paragraph', content });
const codeOf = (value: Json): string => {
  try {
    readBlocks(value, 'chapters/0/content');
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('readBlocks', () => {
  it('lets the model through, and nothing else', () => {
    const given: Json = [
      {
        type: 'heading',
        level: 9,
        id: 'a',
        content: [{ type: 'text', value: 'T', onclick: 'x' }],
        style: 'x',
      },
      { type: 'code', language: 'a b', value: 'x\u0000' },
      paragraph({
        type: 'link',
        to: { url: 'https://u:p@example.org' },
        content: [{ type: 'text', value: 'l\n2' }],
      }),
    ];
    expect(readBlocks(given, 'x')).toEqual([
      { type: 'heading', level: 6, id: 'a', content: [{ type: 'text', value: 'T' }] },
      { type: 'code', value: 'x' },
      {
        type: 'paragraph',
        content: [
          { type: 'link', to: { url: 'https://example.org/' }, content: [{ type: 'text', value: 'l 2' }] },
        ],
      },
    ]);
  });

  it.each<[string, Json]>([
    ['no list', {}],
    ['no object', ['text']],
    ['an unknown block', [{ type: 'html', value: '<b>' }]],
    ['an unknown inline', [paragraph({ type: 'raw', value: '<b>' })]],
    ['a script as an address', [paragraph({ type: 'link', to: { url: 'javascript:x' }, content: [] })]],
    ['markup as an id', [{ type: 'heading', level: 1, id: '"><x', content: [] }]],
    ['an image by its path', [{ type: 'figure', asset: '../x.png' }]],
    ['a table without columns', [{ type: 'table', header: [], rows: [] }]],
    ['a number as text', [paragraph({ type: 'text', value: 1 })]],
  ])('refuses %s', (_title, value) => {
    expect(codeOf(value)).toBe('BOOK_INPUT_INVALID');
  });

  it('refuses what nests without end, before the stack does', () => {
    let value: Json = [paragraph()];
    for (let depth = 0; depth < 5_000; depth++) value = [{ type: 'quote', content: value }];
    expect(codeOf(value)).toBe('BOOK_INPUT_INVALID');
    let inline: Json = { type: 'text', value: 'x' };
    for (let depth = 0; depth < 5_000; depth++) inline = { type: 'emphasis', content: [inline] };
    expect(codeOf([paragraph(inline)])).toBe('BOOK_INPUT_INVALID');
  });

  it('squares the rows of a table with its header', () => {
    const [table] = readBlocks(
      [{ type: 'table', align: ['left', 'x'], header: [[], []], rows: [[[]], [[], [], []]] }],
      'x',
    );
    expect(table).toEqual({
      type: 'table',
      align: ['left', null],
      header: [[], []],
      rows: [
        [[], []],
        [[], []],
      ],
    });
  });

  it('takes absent notes for none', () => {
    expect(readNotes(undefined, 'x')).toEqual([]);
  });
});
