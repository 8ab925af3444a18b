import type { Json, JsonObject } from '@stagewright/engine/plugin';
import { ebookErrors } from '../ebook.errors.ts';
import { safeAddress } from './addresses.ts';
import { cleanText } from './clean-text.ts';
import { flowInlines } from './flow-text.ts';
import type { Alignment, Block, Inline, LinkTarget, Note } from './model.ts';

const ID = /^[\p{L}\p{M}\p{N}_-]{1,80}$/u;
const ASSET = /^asset:[A-Za-z0-9._-]{1,128}$/;
const MAX_DEPTH = 100;

/** Reads a stored document back, strictly: whatever lies between import and build, only the model comes through. */
export function readBlocks(value: Json | undefined, where: string, depth = 0): Block[] {
  if (!Array.isArray(value)) throw ebookErrors.inputInvalid(where, 'a list of blocks is expected');
  if (depth > MAX_DEPTH) throw ebookErrors.inputInvalid(where, 'blocks nest too deeply');
  return value.map((block, index) => readBlock(block, { where: `${where}/${index}`, depth: depth + 1 }));
}

export function readNotes(value: Json | undefined, where: string): Note[] {
  return list(value ?? [], where).map((entry, index) => {
    const note = object(entry, `${where}/${index}`);
    return {
      id: id(note['id'], `${where}/${index}/id`),
      content: readBlocks(note['content'], `${where}/${index}/content`),
    };
  });
}

interface At {
  where: string;
  depth: number;
}

function readBlock(value: Json, at: At): Block {
  const block = object(value, at.where);
  const inner = (key: string) => readBlocks(block[key], `${at.where}/${key}`, at.depth);
  const line = (key: string) => readLine(block[key], { where: `${at.where}/${key}`, depth: at.depth });
  switch (block['type']) {
    case 'heading':
      return {
        type: 'heading',
        level: whole(block['level'], 1, 6),
        id: id(block['id'], at.where),
        content: line('content'),
      };
    case 'paragraph':
      return { type: 'paragraph', content: line('content') };
    case 'quote':
      return { type: 'quote', content: inner('content') };
    case 'code': {
      const language = block['language'];
      const named = typeof language === 'string' && /^[\w+#.-]{1,32}$/.test(language) ? { language } : {};
      return { type: 'code', ...named, value: text(block['value'], at.where) };
    }
    case 'list':
      return readList(block, at);
    case 'table':
      return readTable(block, at);
    case 'figure': {
      const caption = block['caption'] === undefined ? {} : { caption: line('caption') };
      return {
        type: 'figure',
        asset: asset(block['asset'], at.where),
        alt: text(block['alt'] ?? '', at.where),
        ...caption,
      };
    }
    case 'definitions': {
      const items = list(block['items'], at.where).map((entry, index) => {
        const item = object(entry, at.where);
        const here = `${at.where}/items/${index}`;
        return {
          term: readLine(item['term'], { where: `${here}/term`, depth: at.depth }),
          content: readBlocks(item['content'], `${here}/content`, at.depth),
        };
      });
      return { type: 'definitions', items };
    }
    case 'rule':
      return { type: 'rule' };
    default:
      throw ebookErrors.inputInvalid(at.where, 'its type is not one of the document model');
  }
}

function readList(block: JsonObject, at: At): Block {
  const items = list(block['items'], at.where).map((entry, index) => {
    const item = object(entry, at.where);
    const content = readBlocks(item['content'], `${at.where}/items/${index}/content`, at.depth);
    return { ...(typeof item['checked'] === 'boolean' ? { checked: item['checked'] } : {}), content };
  });
  const start = block['start'] === undefined ? {} : { start: whole(block['start'], 0, 1_000_000) };
  return { type: 'list', ordered: block['ordered'] === true, ...start, items };
}

function readTable(block: JsonObject, at: At): Block {
  const row = (value: Json | undefined) =>
    list(value, at.where).map((cell) => readLine(cell, { where: `${at.where}/cell`, depth: at.depth }));
  const header = row(block['header']);
  if (header.length === 0 || header.length > 64)
    throw ebookErrors.inputInvalid(at.where, 'a table has 1 to 64 columns');
  const given = list(block['align'] ?? [], at.where);
  const align = header.map((_, index): Alignment => {
    const value = given[index];
    return value === 'left' || value === 'center' || value === 'right' ? value : null;
  });
  const rows = list(block['rows'], at.where).map((cells) => {
    const read = row(cells);
    return header.map((_, index) => read[index] ?? []);
  });
  return { type: 'table', align, header, rows };
}

/** A line of text: whatever its source looked like, it flows. */
function readLine(value: Json | undefined, at: At): Inline[] {
  return flowInlines(readInlines(value, at));
}

function readInlines(value: Json | undefined, at: At): Inline[] {
  if (at.depth > MAX_DEPTH) throw ebookErrors.inputInvalid(at.where, 'inlines nest too deeply');
  return list(value, at.where).map((entry, index) =>
    readInline(entry, { where: `${at.where}/${index}`, depth: at.depth + 1 }),
  );
}

function readInline(value: Json, at: At): Inline {
  const inline = object(value, at.where);
  const content = () => readInlines(inline['content'], { where: `${at.where}/content`, depth: at.depth });
  const type = inline['type'];
  switch (type) {
    case 'text':
      return { type, value: text(inline['value'], at.where) };
    case 'code':
      return { type, value: text(inline['value'], at.where).replace(/\s+/g, ' ') };
    case 'break':
      return { type };
    case 'emphasis':
    case 'strong':
    case 'strike':
    case 'superscript':
    case 'subscript':
      return { type, content: content() };
    case 'note':
      return { type, id: id(inline['id'], at.where) };
    case 'image':
      return { type, asset: asset(inline['asset'], at.where), alt: text(inline['alt'] ?? '', at.where) };
    case 'link':
      return { type, to: target(inline['to'], at.where), content: content() };
    default:
      throw ebookErrors.inputInvalid(at.where, 'its type is not one of the document model');
  }
}

function target(value: Json | undefined, where: string): LinkTarget {
  const to = object(value ?? null, where);
  if (typeof to['chapter'] === 'string') {
    const anchor = to['anchor'] === undefined ? {} : { anchor: id(to['anchor'], where) };
    return { chapter: id(to['chapter'], where), ...anchor };
  }
  const url = typeof to['url'] === 'string' ? safeAddress(to['url']) : null;
  if (url === null)
    throw ebookErrors.inputInvalid(where, 'a link leads to a chapter or to a web or mail address');
  return { url };
}

function object(value: Json, where: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw ebookErrors.inputInvalid(where, 'an object is expected');
  return value;
}

function list(value: Json | undefined, where: string): Json[] {
  if (!Array.isArray(value)) throw ebookErrors.inputInvalid(where, 'a list is expected');
  return value;
}

function text(value: Json | undefined, where: string): string {
  if (typeof value !== 'string') throw ebookErrors.inputInvalid(where, 'text is expected');
  return cleanText(value);
}

function id(value: Json | undefined, where: string): string {
  if (typeof value !== 'string' || !ID.test(value))
    throw ebookErrors.inputInvalid(where, 'an id of letters, digits, - and _ is expected');
  return value;
}

function asset(value: Json | undefined, where: string): string {
  if (typeof value !== 'string' || !ASSET.test(value))
    throw ebookErrors.inputInvalid(where, 'an image is named "asset:ID"');
  return value;
}

function whole(value: Json | undefined, least: number, most: number): number {
  return typeof value === 'number' && Number.isInteger(value)
    ? Math.min(most, Math.max(least, value))
    : least;
}
