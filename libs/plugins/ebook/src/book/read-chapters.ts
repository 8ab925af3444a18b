import type { Json, JsonObject } from '@stagewright/engine/plugin';
import { hasScheme, safeAddress } from '../document/addresses.ts';
import { cleanLine } from '../document/clean-text.ts';
import { dropRepeatedTitle, headingText, outlineHeadings } from '../document/headings.ts';
import type { Block, Chapter, LinkTarget, Note, Warnings } from '../document/model.ts';
import { readBlocks, readNotes } from '../document/read-document.ts';
import { ebookErrors } from '../ebook.errors.ts';
import { readMarkdown } from '../markdown/read-markdown.ts';

const BODY = ['content', 'markdown', 'text', 'body'];

/**
 * Chapters from what stages give: Markdown text; objects with a title and text, paragraphs or sections; or documents of
 * ebook/import-markdown. All text is untrusted and goes through the same reader.
 */
export function readChapters(given: Json[], images: ReadonlySet<string>, warnings: Warnings): Chapter[] {
  const chapters: Chapter[] = [];
  const used = new Set<string>();
  for (const [index, value] of given.entries()) {
    if (value === null) continue;
    const where = `chapters/${index}`;
    const chapter = isDocument(value)
      ? readDocument(value, where)
      : readText(value, { where, images, warnings });
    if (chapter.content.length === 0 && chapter.title === '') {
      warnings.add({ code: 'CHAPTER_EMPTY', message: `Chapter ${index + 1} has no text and is left out.` });
      continue;
    }
    const title = chapter.title === '' ? `Chapter ${chapters.length + 1}` : chapter.title;
    const id = chapter.id !== '' && !used.has(chapter.id) ? chapter.id : freeId(used, chapters.length + 1);
    used.add(id);
    const content = distinctHeadings(outlineHeadings(dropRepeatedTitle(chapter.content, title)));
    chapters.push({ ...chapter, id, title, content });
  }
  return chapters;
}

/** Headings of a stored document may have come to share an id; an anchor names one place. */
function distinctHeadings(blocks: Block[]): Block[] {
  const used = new Set<string>();
  return blocks.map((block) => {
    if (block.type !== 'heading') return block;
    let id = block.id;
    for (let count = 1; used.has(id); count++) id = `${block.id.slice(0, 70)}-${count}`;
    used.add(id);
    return { ...block, id };
  });
}

function freeId(used: Set<string>, from: number): string {
  let number = from;
  while (used.has(`chapter-${number}`)) number += 1;
  return `chapter-${number}`;
}

function isDocument(value: Json): value is JsonObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Array.isArray(value['content']) &&
    value['content'].every(isBlock)
  );
}

function isBlock(value: Json): boolean {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && typeof value['type'] === 'string'
  );
}

function readDocument(value: JsonObject, where: string): Chapter {
  const id = value['id'];
  return {
    id: typeof id === 'string' && /^[a-z][a-z0-9-]{0,63}$/.test(id) ? id : '',
    title: line(value['title']),
    content: readBlocks(value['content'], `${where}/content`),
    notes: readNotes(value['notes'], `${where}/notes`),
  };
}

interface TextContext {
  where: string;
  images: ReadonlySet<string>;
  warnings: Warnings;
}

function readText(value: Json, context: TextContext): Chapter {
  const object = typeof value === 'string' ? { content: value } : asObject(value, context.where);
  let title = line(object['title'] ?? object['heading'] ?? object['name']);
  const { blocks, notes } = readOne(markdownOf(object, context.where, 2), context);
  let content = blocks;
  const [first] = blocks;
  if (title === '' && first?.type === 'heading') {
    title = headingText(first.content);
    content = blocks.slice(1);
  }
  return { id: '', title, content, notes };
}

function asObject(value: Json, where: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw ebookErrors.inputInvalid(where, 'a chapter is Markdown text or an object with a title and content');
}

/** One Markdown text of what a chapter or section holds; sections become headings of the given level. */
function markdownOf(object: JsonObject, where: string, level: number): string {
  const parts: string[] = [];
  for (const key of ['introduction', 'intro', 'lead']) parts.push(words(object[key]));
  for (const key of BODY) parts.push(words(object[key]));
  parts.push(words(object['paragraphs']));
  const sections = object['sections'];
  if (Array.isArray(sections)) {
    for (const [index, section] of sections.entries()) {
      if (section === null) continue;
      if (typeof section === 'string') parts.push(section);
      else {
        const inner = asObject(section, `${where}/sections/${index}`);
        const title = line(inner['title'] ?? inner['heading']);
        // The title is text under contract, so its marks are escaped: it cannot open a list or a code block.
        if (title !== '')
          parts.push(
            `${'#'.repeat(Math.min(level, 6))} ${title.replace(/[\\`*_[\]{}<>()#+.!|~&-]/g, '\\$&')}`,
          );
        parts.push(markdownOf(inner, `${where}/sections/${index}`, level + 1));
      }
    }
  }
  for (const key of ['summary', 'conclusion']) parts.push(words(object[key]));
  return parts.filter((part) => part.trim() !== '').join('\n\n');
}

function words(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string').join('\n\n') : '';
}

function readOne(
  markdown: string,
  { where, images, warnings }: TextContext,
): { blocks: Block[]; notes: Note[] } {
  return readMarkdown(markdown, {
    file: where,
    warnings,
    link: (href): LinkTarget | null => {
      const url = hasScheme(href) ? safeAddress(href) : null;
      if (url !== null) return { url };
      warnings.add({
        code: 'LINK_REMOVED',
        message: `The link "${href.slice(0, 80)}" is not a web or mail address; its text stays.`,
        file: where,
      });
      return null;
    },
    image: (src) => {
      if (src.startsWith('asset:') && images.has(src.slice('asset:'.length))) return { asset: src };
      warnings.add({
        code: 'IMAGE_MISSING',
        message: `The image "${src.slice(0, 80)}" is not one of the book's; its text stays.`,
        file: where,
      });
      return null;
    },
  });
}

function line(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? cleanLine(String(value)) : '';
}
