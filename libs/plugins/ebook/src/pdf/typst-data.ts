import type { Json, JsonObject } from '@stagewright/engine/plugin';
import type { Book } from '../book/book.ts';
import { contentsDepth } from '../book/contents-depth.ts';
import { labelsFor } from '../book/labels.ts';
import { directionOf } from '../document/clean-text.ts';
import type { Block, Chapter, Inline, Note } from '../document/model.ts';
import { textOf } from '../document/text-of.ts';
import { anchorOf } from '../epub/xhtml.ts';
import type { LoadedFonts } from './load-fonts.ts';
import type { Printable } from './printable.ts';
import { imagePath } from './typesetter.ts';

/** The typesetter's calls nest as deeply as the text does, and it allows about eighty. */
const MAX_DEPTH = 14;
/** Text area of the page in points. */
const WIDTH = 310;
const HEIGHT = 380;
const INKS = ['#1f3a5f', '#5b2a3c', '#23483a', '#4a3b6b', '#6b4423', '#2b4a57'];

/** The book as data for `book.typ`: only strings, numbers and lists. */
export function typstData(
  book: Book,
  options: { part: 'book' | 'cover'; fonts: LoadedFonts; printable: Printable },
): JsonObject {
  const { printable, fonts, part } = options;
  const labels = labelsFor(book.language);
  const depth = contentsDepth(book);
  const notice = book.placeholder ? labels.placeholder : '';
  const say = (text: string | undefined) => printable.text(text ?? '');
  const [lang = 'en', ...subtags] = book.language.split('-');
  const date = new Date(book.modified);
  const own = book.images.find(({ id }) => id === book.cover);
  const imprint = [book.publisher, book.date, book.rights].flatMap((line) =>
    line === undefined ? [] : [say(line)],
  );
  return {
    part,
    lang,
    region: subtags.find((subtag) => /^[A-Z]{2}$/.test(subtag)) ?? null,
    rtl: book.direction === 'rtl',
    fonts: { body: fonts.body, code: fonts.code },
    title: say(book.title),
    subtitle: say(book.subtitle),
    authors: book.authors.map(say),
    keywords: [...book.subjects, ...(book.placeholder ? ['placeholder'] : [])],
    description: [notice, book.description ?? ''].join(' ').trim(),
    date: {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
    },
    notice: say(notice),
    noticeLanguage: labels.language,
    blurb: (book.description ?? '')
      .split(/\n\s*\n/)
      .filter(Boolean)
      .map(say),
    imprint,
    contents: say(labels.contents),
    depth: { pages: depth.pages, bookmarks: depth.bookmarks },
    ink: INKS[parseInt(book.identifier.slice(-2), 16) % INKS.length] ?? '#1f3a5f',
    cover: {
      ...coverWords(book, say),
      image:
        own === undefined || part === 'cover' ? null : imagePath(book.images.indexOf(own), own.mediaType),
    },
    chapters:
      part === 'cover'
        ? []
        : book.chapters.map((chapter) => new ChapterData(book, chapter, printable).data()),
  };
}

/** Cover text that fits: long words and titles are set smaller, then cut. */
function coverWords(book: Book, say: (text: string | undefined) => string): JsonObject {
  const cut = (text: string, most: number) =>
    [...text].length > most ? `${[...text].slice(0, most - 1).join('')}\u2026` : text;
  const title = cut(book.title, 160);
  const size = title.length > 100 ? 18 : title.length > 60 ? 23 : title.length > 25 ? 30 : 38;
  const longest = Math.max(...title.split(/\s+/).map((word) => word.length));
  return {
    title: say(title),
    size: Math.max(12, Math.min(size, Math.floor(540 / Math.max(longest, 1)))),
    subtitle: say(cut(book.subtitle ?? '', 160)),
    authors: say(cut(book.authors.join(', '), 160)),
    notice: say(labelsFor(book.language).placeholderShort),
  };
}

class ChapterData {
  private readonly book: Book;
  private readonly chapter: Chapter;
  private readonly printable: Printable;
  private readonly notes: Map<string, Note>;
  private readonly referred = new Set<string>();
  private depth = 0;
  private inTable = false;

  constructor(book: Book, chapter: Chapter, printable: Printable) {
    this.book = book;
    this.chapter = chapter;
    this.printable = printable;
    this.notes = new Map(chapter.notes.map((note) => [note.id, note]));
  }

  data(): JsonObject {
    const { id, title, content } = this.chapter;
    return {
      title: this.printable.text(title),
      label: `c-${id}`,
      dir: this.direction(title),
      blocks: this.blocks(content),
    };
  }

  private blocks(blocks: Block[]): Json[] {
    if (this.depth >= MAX_DEPTH) return this.flattened(blocks);
    this.depth += 1;
    const out = blocks.flatMap((block) => this.block(block));
    this.depth -= 1;
    return out;
  }

  private flattened(blocks: Block[]): Json[] {
    return blocks.flatMap((block): Json[] => {
      if ('value' in block) return [this.paragraph([{ type: 'text', value: block.value }])];
      if (block.type === 'list') return block.items.flatMap((item) => this.flattened(item.content));
      if (block.type === 'quote') return this.flattened(block.content);
      if (block.type === 'table')
        return [block.header, ...block.rows].map((row) =>
          this.paragraph([{ type: 'text', value: row.map(textOf).join(' | ') }]),
        );
      if (block.type === 'definitions')
        return block.items.flatMap((item) => [this.paragraph(item.term), ...this.flattened(item.content)]);
      return 'content' in block ? [this.paragraph(block.content)] : [];
    });
  }

  private paragraph(content: Inline[]): Json {
    return { t: 'paragraph', dir: this.direction(textOf(content)), c: this.inlines(content) };
  }

  private block(block: Block): Json[] {
    switch (block.type) {
      case 'heading':
        return this.heading(block);
      case 'paragraph':
        return [this.paragraph(block.content)];
      case 'quote':
        return [{ t: 'quote', c: this.blocks(block.content) }];
      case 'code':
        return [{ t: 'pre', v: this.printable.text(block.value), lang: block.language ?? null }];
      case 'list':
        return [this.list(block)];
      case 'table':
        return this.table(block);
      case 'figure':
        return [{ ...this.picture(block, HEIGHT), t: 'figure', caption: this.inlines(block.caption ?? []) }];
      case 'definitions': {
        const items = block.items.map(({ term, content }) => ({
          term: this.inlines(term),
          content: this.blocks(content),
        }));
        return [{ t: 'terms', items }];
      }
      case 'rule':
        return [{ t: 'rule' }];
    }
  }

  /** Notes of a heading follow it: the table of contents repeats headings, and a note must not be there twice. */
  private heading(block: Extract<Block, { type: 'heading' }>): Json[] {
    const notes = block.content.filter((inline) => inline.type === 'note');
    const content = block.content.filter((inline) => inline.type !== 'note' && inline.type !== 'image');
    const words =
      textOf(content).trim() === ''
        ? [{ type: 'text' as const, value: textOf(block.content) || '\u2013' }]
        : content;
    const label = `h-${this.chapter.id}-${anchorOf(block.id)}`;
    const heading: Json = {
      t: 'heading',
      level: block.level + 1,
      label,
      dir: this.direction(textOf(words)),
      c: this.inlines(words),
    };
    return notes.length === 0 ? [heading] : [heading, this.paragraph(notes)];
  }

  private list(block: Extract<Block, { type: 'list' }>): Json {
    const items = block.items.map(({ checked, content }) => {
      const inner = this.blocks(content);
      return checked === undefined
        ? inner
        : [{ t: 'text', v: this.printable.text(checked ? '\u2611 ' : '\u2610 ') }, ...unwrapFirst(inner)];
    });
    return block.ordered ? { t: 'enum', start: block.start ?? 1, items } : { t: 'list', items };
  }

  private table(block: Extract<Block, { type: 'table' }>): Json[] {
    const headed = block.header.some((cell) => cell.length > 0);
    if (!headed && block.rows.length === 0) return [];
    const notes = block.header.flat().some((inline) => inline.type === 'note');
    const row = (cells: Inline[][]) => cells.map((cell) => this.cell(cell));
    const header = row(block.header);
    return [
      {
        t: 'table',
        columns: block.header.length,
        align: block.align,
        headed,
        repeated: !notes,
        header,
        rows: block.rows.map(row),
      },
    ];
  }

  private cell(content: Inline[]): Json[] {
    this.inTable = true;
    const out = this.inlines(content);
    this.inTable = false;
    return out;
  }

  private inlines(content: Inline[]): Json[] {
    if (this.depth >= MAX_DEPTH) return [{ t: 'text', v: this.printable.text(textOf(content)) }];
    this.depth += 1;
    const out = content.flatMap((inline) => this.inline(inline));
    this.depth -= 1;
    return out;
  }

  private inline(inline: Inline): Json[] {
    switch (inline.type) {
      case 'text':
        return [{ t: 'text', v: this.printable.text(inline.value) }];
      case 'code':
        return [
          {
            t: 'code',
            v: this.inTable ? this.printable.narrowCode(inline.value) : this.printable.text(inline.value),
          },
        ];
      case 'break':
        return [{ t: 'break' }];
      case 'image':
        return [{ ...this.picture(inline, 90), t: 'image' }];
      case 'note':
        return this.note(inline.id);
      case 'link': {
        const c = this.inlines(inline.content);
        if ('url' in inline.to) return [{ t: 'link', url: inline.to.url, c }];
        const { chapter, anchor } = inline.to;
        return [
          { t: 'link', label: anchor === undefined ? `c-${chapter}` : `h-${chapter}-${anchorOf(anchor)}`, c },
        ];
      }
      default:
        return [{ t: inline.type, c: this.inlines(inline.content) }];
    }
  }

  private note(id: string): Json[] {
    const note = this.notes.get(id);
    if (note === undefined) return [];
    const label = `n-${this.chapter.id}-${anchorOf(id)}`;
    if (this.referred.has(id)) return [{ t: 'note-again', label }];
    this.referred.add(id);
    return [{ t: 'note', label, c: unwrapFirst(this.blocks(note.content)) }];
  }

  private picture(item: { asset: string; alt: string }, tallest: number): JsonObject {
    const index = this.book.images.findIndex(({ id }) => `asset:${id}` === item.asset);
    const image = this.book.images[index];
    if (image === undefined) return { path: '', width: 0, alt: '' };
    const room = Math.max(80, WIDTH - this.depth * 14);
    const width = Math.min(image.width * 0.75, room, (tallest * image.width) / image.height);
    return {
      path: imagePath(index, image.mediaType),
      width: Math.max(1, Math.round(width * 100) / 100),
      alt: this.printable.text(item.alt),
    };
  }

  private direction(text: string): string | null {
    const found = directionOf(text);
    return found === null || found === this.book.direction ? null : found;
  }
}

/** A first paragraph without its paragraph, so that it stands beside a box or a note's number. */
function unwrapFirst(blocks: Json[]): Json[] {
  const [first, ...rest] = blocks;
  if (typeof first !== 'object' || first === null || Array.isArray(first) || first['t'] !== 'paragraph')
    return blocks;
  return [...(Array.isArray(first['c']) ? first['c'] : []), ...rest];
}
