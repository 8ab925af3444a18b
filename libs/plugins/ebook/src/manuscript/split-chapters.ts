import { headingText } from '../document/headings.ts';
import type { Block } from '../document/model.ts';

/** A part of a file that becomes a chapter. */
export interface ChapterPart {
  title: string | null;
  /** Slug of the heading that gave the title: links to it lead to the chapter itself. */
  slug: string | null;
  content: Block[];
}

export interface SplitFile {
  /** The heading that names the whole book rather than a chapter; only in a manuscript of one file. */
  bookTitle: string | null;
  parts: ChapterPart[];
}

/**
 * Cuts one file into chapters. Several first-level headings are several chapters. In a manuscript of one file with one of
 * them (or none), it is the book's title and the second level cuts.
 */
export function splitFile(blocks: Block[], options: { only: boolean; title?: string }): SplitFile {
  const tops = blocks.filter((block) => block.type === 'heading' && block.level === 1).length;
  const seconds = blocks.filter((block) => block.type === 'heading' && block.level === 2).length;
  if (options.only && tops <= 1 && seconds >= 2) return splitOneBook(blocks, options.title);
  if (tops >= 2) return { bookTitle: null, parts: cut(blocks, 1) };
  return { bookTitle: null, parts: [onePart(blocks, options.title)] };
}

function splitOneBook(blocks: Block[], title: string | undefined): SplitFile {
  const [first, ...rest] = blocks;
  const leads = first?.type === 'heading' && first.level === 1;
  const name = leads ? headingText(first.content) : null;
  if (!leads && blocks.some((block) => block.type === 'heading' && block.level === 1)) {
    return { bookTitle: null, parts: [onePart(blocks, title)] };
  }
  return { bookTitle: name, parts: cut(leads ? rest : blocks, 2) };
}

function cut(blocks: Block[], level: number): ChapterPart[] {
  const parts: ChapterPart[] = [{ title: null, slug: null, content: [] }];
  for (const block of blocks) {
    if (block.type === 'heading' && block.level <= level) {
      parts.push({ title: headingText(block.content), slug: block.id, content: [] });
    } else parts.at(-1)?.content.push(block);
  }
  const [before, ...rest] = parts;
  return before === undefined || before.content.length === 0 ? rest : parts;
}

/** A file that is one chapter: its title is its first-level heading, else the front matter's, else a heading it begins with. */
function onePart(blocks: Block[], title: string | undefined): ChapterPart {
  const top = blocks.findIndex((block) => block.type === 'heading' && block.level === 1);
  const at = top !== -1 ? top : title === undefined && blocks[0]?.type === 'heading' ? 0 : -1;
  const heading = blocks[at];
  if (heading?.type !== 'heading') return { title: title ?? null, slug: null, content: blocks };
  const content = blocks.filter((_, index) => index !== at);
  return { title: headingText(heading.content), slug: heading.id, content };
}
