import { describe, expect, it } from '@jest/globals';
import { Warnings } from '../document/model.ts';
import type { Block } from '../document/model.ts';
import { textOf } from '../document/text-of.ts';
import { readMarkdown } from './read-markdown.ts';

const read = (text: string) => {
  const warnings = new Warnings();
  const result = readMarkdown(text, {
    file: 'a.md',
    warnings,
    link: (href) => (href.startsWith('https:') ? { url: href } : null),
    image: (src) => (src === 'a.png' ? { asset: 'asset:a' } : null),
  });
  return { ...result, warnings: warnings.list };
};
const blocks = (text: string): Block[] => read(text).blocks;
const words = (value: string) => [{ type: 'text', value }];

describe('readMarkdown', () => {
  it.each<[string, string, unknown[]]>([
    ['paragraph', 'Git\nrepository', [{ type: 'paragraph', content: words('Git repository') }]],
    ['heading', 'A\nB\n===', [{ type: 'heading', level: 1, id: 'a-b', content: words('A B') }]],
    [
      'list item',
      '- a\n  b',
      [
        {
          type: 'list',
          ordered: false,
          items: [{ content: [{ type: 'paragraph', content: words('a b') }] }],
        },
      ],
    ],
    ['emphasis', '*a\nb*', [{ type: 'paragraph', content: [{ type: 'emphasis', content: words('a b') }] }]],
    [
      'link',
      '[a\nb](https://x)',
      [{ type: 'paragraph', content: [{ type: 'link', to: { url: 'https://x' }, content: words('a b') }] }],
    ],
    [
      'hard break',
      'a  \nb\\\nc',
      [
        {
          type: 'paragraph',
          content: [...words('a'), { type: 'break' }, ...words('b'), { type: 'break' }, ...words('c')],
        },
      ],
    ],
    [
      'definition',
      'T\n: m\nn',
      [
        {
          type: 'definitions',
          items: [{ term: words('T'), content: [{ type: 'paragraph', content: words('m n') }] }],
        },
      ],
    ],
    ['figure', '![Alt\ntext](a.png)', [{ type: 'figure', asset: 'asset:a', alt: 'Alt text' }]],
  ])('reads lines of a %s as they flow', (_title, text, expected) => {
    expect(blocks(text)).toEqual(expected);
  });

  it('keeps code as it was written', () => {
    expect(blocks('```js\na\n\n  b\n```')).toEqual([{ type: 'code', language: 'js', value: 'a\n\n  b' }]);
  });

  it('keeps cells in their columns when others span rows and columns', () => {
    const html =
      '<table><tr><th>a<th>b<th>c</tr><tr><td rowspan=2>1<td>2<td>3</tr><tr><td>4<td>5</tr><tr><td colspan=2>6<td>7</tr></table>';
    const [table] = blocks(html);
    const rows = table?.type === 'table' ? table.rows.map((row) => row.map(textOf)) : [];
    expect(rows).toEqual([
      ['1', '2', '3'],
      ['', '4', '5'],
      ['6', '', '7'],
    ]);
  });

  it('bounds spans that are absurd', () => {
    const [table] = blocks(
      '<table><tr><td colspan=999999 rowspan=999999999>1<td>2</tr><tr><td>3</tr></table>',
    );
    expect(table?.type === 'table' && table.header.length).toBe(64);
  });

  it('keeps alternative text through the sanitiser', () => {
    expect(blocks('<img src="a.png" alt="A hive &amp; bees" onerror="x()">')).toEqual([
      { type: 'figure', asset: 'asset:a', alt: 'A hive & bees' },
    ]);
  });

  it('says what it left out, and on which line', () => {
    const { blocks: found, warnings } = read('a\n\n<script>\nx()\n</script>\n\nb');
    expect(found).toEqual(['a', 'b'].map((value) => ({ type: 'paragraph', content: words(value) })));
    expect(warnings).toEqual([
      { code: 'HTML_REMOVED', message: 'Raw HTML was left out: <script>.', line: 3, file: 'a.md' },
    ]);
  });

  it('numbers notes by first reference and keeps notes inside notes as words', () => {
    const {
      notes,
      blocks: [first],
    } = read('x[^b][^a][^b]\n\n[^a]: A[^b]\n[^b]: B');
    expect(first).toEqual({
      type: 'paragraph',
      content: [
        ...words('x'),
        { type: 'note', id: 'fn-1' },
        { type: 'note', id: 'fn-2' },
        { type: 'note', id: 'fn-1' },
      ],
    });
    expect(notes.map(({ content }) => content)).toEqual([
      [{ type: 'paragraph', content: words('B') }],
      [{ type: 'paragraph', content: [...words('A'), ...words('[b]')] }],
    ]);
  });
});
