import type { Block, Inline } from './model.ts';
import { textOf } from './text-of.ts';

const DEEPEST = 5;

/**
 * Headings as an outline: the first level is 1 and none is skipped. Headings inside quotations, lists and definitions belong to no
 * outline, so they become bold paragraphs.
 */
export function outlineHeadings(blocks: Block[]): Block[] {
  const open: number[] = [];
  return blocks.map((block): Block => {
    if (block.type !== 'heading') return withoutHeadings(block);
    while (open.length > 0 && (open.at(-1) ?? 0) >= block.level) open.pop();
    open.push(block.level);
    return { ...block, level: Math.min(open.length, DEEPEST) };
  });
}

function withoutHeadings(block: Block): Block {
  switch (block.type) {
    case 'heading':
      return { type: 'paragraph', content: [{ type: 'strong', content: block.content }] };
    case 'quote':
      return { ...block, content: block.content.map(withoutHeadings) };
    case 'list':
      return {
        ...block,
        items: block.items.map((item) => ({ ...item, content: item.content.map(withoutHeadings) })),
      };
    case 'definitions':
      return {
        ...block,
        items: block.items.map((item) => ({ ...item, content: item.content.map(withoutHeadings) })),
      };
    default:
      return block;
  }
}

export function headingText(content: Inline[]): string {
  return textOf(content).replace(/\s+/g, ' ').trim();
}

/** Without a first heading that only says the chapter's title again. */
export function dropRepeatedTitle(blocks: Block[], title: string): Block[] {
  const [first, ...rest] = blocks;
  const same = first?.type === 'heading' && headingText(first.content).toLowerCase() === title.toLowerCase();
  return same ? rest : blocks;
}
