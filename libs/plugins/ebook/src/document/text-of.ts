import type { Block, Inline } from './model.ts';

/** The plain text of a run of inlines; an image counts with its alternative text. */
export function textOf(content: Inline[]): string {
  return content
    .map((inline) => {
      switch (inline.type) {
        case 'text':
        case 'code':
          return inline.value;
        case 'break':
          return ' ';
        case 'image':
          return inline.alt;
        case 'note':
          return '';
        default:
          return textOf(inline.content);
      }
    })
    .join('');
}

/** Every inline of the blocks, depth first, in reading order. */
export function* inlinesOf(blocks: Block[]): Generator<Inline> {
  for (const block of blocks) yield* inlinesOfBlock(block);
}

function* inlinesOfBlock(block: Block): Generator<Inline> {
  switch (block.type) {
    case 'heading':
    case 'paragraph':
      yield* walk(block.content);
      break;
    case 'list':
      for (const item of block.items) yield* inlinesOf(item.content);
      break;
    case 'quote':
      yield* inlinesOf(block.content);
      break;
    case 'table':
      for (const row of [block.header, ...block.rows]) for (const cell of row) yield* walk(cell);
      break;
    case 'definitions':
      for (const item of block.items) {
        yield* walk(item.term);
        yield* inlinesOf(item.content);
      }
      break;
    case 'figure':
      yield { type: 'image', asset: block.asset, alt: block.alt };
      yield* walk(block.caption ?? []);
      break;
    default:
      break;
  }
}

function* walk(content: Inline[]): Generator<Inline> {
  for (const inline of content) {
    yield inline;
    if ('content' in inline) yield* walk(inline.content);
  }
}
