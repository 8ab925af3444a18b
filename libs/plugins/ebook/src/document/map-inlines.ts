import type { Block, Inline } from './model.ts';

type Change = (inline: Inline) => Inline[];

/** The blocks with every inline changed, children before their parents. A figure's image is seen as an inline image. */
export function mapInlines(blocks: Block[], change: Change): Block[] {
  return blocks.flatMap((block) => mapBlock(block, change));
}

function mapBlock(block: Block, change: Change): Block[] {
  const line = (content: Inline[]) => content.flatMap((inline) => mapInline(inline, change));
  switch (block.type) {
    case 'heading':
    case 'paragraph':
      return [{ ...block, content: line(block.content) }];
    case 'quote':
      return [{ ...block, content: mapInlines(block.content, change) }];
    case 'list':
      return [
        {
          ...block,
          items: block.items.map((item) => ({ ...item, content: mapInlines(item.content, change) })),
        },
      ];
    case 'table':
      return [{ ...block, header: block.header.map(line), rows: block.rows.map((row) => row.map(line)) }];
    case 'definitions':
      return [
        {
          ...block,
          items: block.items.map(({ term, content }) => ({
            term: line(term),
            content: mapInlines(content, change),
          })),
        },
      ];
    case 'figure':
      return mapFigure(block, change);
    default:
      return [block];
  }
}

function mapFigure(block: Extract<Block, { type: 'figure' }>, change: Change): Block[] {
  const caption = (block.caption ?? []).flatMap((inline) => mapInline(inline, change));
  const [image] = change({ type: 'image', asset: block.asset, alt: block.alt });
  if (image?.type === 'image') {
    return [{ ...block, asset: image.asset, alt: image.alt, ...(caption.length === 0 ? {} : { caption }) }];
  }
  const content = [...(image === undefined ? [] : [image]), ...caption];
  return content.length === 0 ? [] : [{ type: 'paragraph', content }];
}

function mapInline(inline: Inline, change: Change): Inline[] {
  if (!('content' in inline)) return change(inline);
  return change({ ...inline, content: inline.content.flatMap((child) => mapInline(child, change)) });
}
