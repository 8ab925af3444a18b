import { describe, expect, it } from '@jest/globals';
import { Warnings } from '../document/model.ts';
import type { Block, Chapter } from '../document/model.ts';
import { LinkMap } from './link-map.ts';

const heading = (id: string): Block => ({
  type: 'heading',
  level: 1,
  id,
  content: [{ type: 'text', value: id }],
});

/** Where a link in `book/a.md` leads in a manuscript of three files; the text when it leads nowhere. */
function follow(href: string): { to: unknown; warnings: string[] } {
  const warnings = new Warnings();
  const links = new LinkMap(warnings);
  const to = links.pending(href, { file: 'book/a.md', line: 7 });
  const content: Block[] =
    to === null
      ? []
      : [{ type: 'paragraph', content: [{ type: 'link', to, content: [{ type: 'text', value: 'words' }] }] }];
  const a: Chapter = { id: 'chapter-1', title: 'A', notes: [], content: [heading('part-b'), ...content] };
  links.chapter('book/a.md', { id: 'chapter-1', slug: 'a', content: a.content });
  links.chapter('book/b c.md', { id: 'chapter-2', slug: 'größe', content: [heading('x--y')] });
  links.chapter('book/sub/README.md', { id: 'chapter-3', slug: null, content: [] });
  links.resolve([a]);
  const last = a.content.at(-1);
  const inline = last?.type === 'paragraph' ? last.content[0] : undefined;
  return {
    to: inline?.type === 'link' ? inline.to : (inline ?? null),
    warnings: warnings.list.map(({ code, line }) => `${code} ${line}`),
  };
}

describe('LinkMap', () => {
  it.each<[string, unknown]>([
    ['#part-b', { chapter: 'chapter-1', anchor: 'part-b' }],
    ['#a', { chapter: 'chapter-1' }],
    ['b%20c.md', { chapter: 'chapter-2' }],
    ['./b c.md#x--y', { chapter: 'chapter-2', anchor: 'x--y' }],
    ['b%20c.md#X%20&%20Y', { chapter: 'chapter-2', anchor: 'x--y' }],
    ['b%20c.md#gr%C3%B6%C3%9Fe', { chapter: 'chapter-2' }],
    ['b%20c.md#no-such-heading', { chapter: 'chapter-2' }],
    ['b%20c', { chapter: 'chapter-2' }],
    ['b%20c.html', { chapter: 'chapter-2' }],
    ['/book/b%20c.md', { chapter: 'chapter-2' }],
    ['sub/', { chapter: 'chapter-3' }],
    ['../book/sub/README.md?x=1', { chapter: 'chapter-3' }],
    ['https://example.org/a b', { url: 'https://example.org/a%20b' }],
    ['//example.org/x', { url: 'https://example.org/x' }],
  ])('follows %s', (href, to) => {
    expect(follow(href)).toEqual({ to, warnings: [] });
  });

  it.each([['gone.md'], ['#nowhere'], ['../../etc/passwd'], ['b%2520c.md'], ['%ff']])(
    'makes %s its words, with a warning at its line',
    (href) => {
      expect(follow(href)).toEqual({ to: { type: 'text', value: 'words' }, warnings: ['LINK_BROKEN 7'] });
    },
  );

  it('takes no address that runs something', () => {
    expect(follow('javascript:alert(1)')).toEqual({ to: null, warnings: ['LINK_REMOVED 7'] });
  });
});
