import { directionOf } from '../document/clean-text.ts';
import type { Block, Chapter, Inline, LinkTarget } from '../document/model.ts';
import { textOf } from '../document/text-of.ts';
import { el } from './xml.ts';
import type { XmlElement } from './xml.ts';

export interface XhtmlContext {
  direction: 'ltr' | 'rtl';
  /** File of a chapter, by its id. */
  fileOf(chapter: string): string;
  /** Path of an image from the page, by `asset:ID`. */
  imageOf(asset: string): string;
  labels: { footnotes: string; back: string };
}

const MARKS = {
  emphasis: 'em',
  strong: 'strong',
  strike: 's',
  superscript: 'sup',
  subscript: 'sub',
} as const;

/** A chapter's body: its one h1, its blocks, its footnotes with ways back. */
export class ChapterXhtml {
  private readonly chapter: Chapter;
  private readonly context: XhtmlContext;
  private readonly numbers: Map<string, number>;
  private readonly references = new Map<string, number>();
  private readonly anchors: Map<string, string>;

  constructor(chapter: Chapter, context: XhtmlContext) {
    this.chapter = chapter;
    this.context = context;
    this.numbers = new Map(chapter.notes.map((note, index) => [note.id, index + 1]));
    this.anchors = headingIds(chapter);
  }

  section(): XmlElement {
    const { title, content, notes } = this.chapter;
    const heading = el('h1', { id: 'title', ...this.direction(title) }, title);
    return el(
      'section',
      { 'epub:type': 'chapter', role: 'doc-chapter', 'aria-labelledby': 'title' },
      heading,
      this.blocks(content),
      this.notes(notes),
    );
  }

  private notes(notes: Chapter['notes']): XmlElement | null {
    const used = notes.filter((note) => this.references.has(note.id));
    if (used.length === 0) return null;
    const list = used.map((note) => {
      const number = String(this.numbers.get(note.id));
      const count = this.references.get(note.id) ?? 0;
      const back = Array.from({ length: count }, (_, index) =>
        el(
          'a',
          {
            href: `#ref-${number}-${index + 1}`,
            role: 'doc-backlink',
            'aria-label': `${this.context.labels.back} ${number}`,
            class: 'back',
          },
          '\u21a9\ufe0e',
        ),
      );
      const mark = el(
        'p',
        { class: 'note-mark' },
        el('span', { class: 'note-number' }, `${number}.`),
        ' ',
        back,
      );
      return el(
        'aside',
        { 'epub:type': 'footnote', role: 'doc-footnote', id: `note-${number}` },
        mark,
        this.blocks(note.content),
      );
    });
    return el('section', { class: 'notes', 'aria-label': this.context.labels.footnotes }, list);
  }

  private blocks(blocks: Block[]): XmlElement[] {
    return blocks.map((block) => this.block(block));
  }

  private block(block: Block): XmlElement {
    switch (block.type) {
      case 'heading':
        return el(
          `h${block.level + 1}`,
          { id: this.anchors.get(block.id), ...this.direction(textOf(block.content)) },
          this.inlines(block.content),
        );
      case 'paragraph':
        return el('p', this.direction(textOf(block.content)), this.inlines(block.content));
      case 'quote':
        return el('blockquote', {}, this.blocks(block.content));
      case 'code':
        return el(
          'pre',
          { dir: 'ltr' },
          el(
            'code',
            block.language === undefined ? {} : { class: `language-${block.language}` },
            block.value,
          ),
        );
      case 'list':
        return this.list(block);
      case 'table':
        return this.table(block);
      case 'figure': {
        const image = el('img', { src: this.context.imageOf(block.asset), alt: block.alt });
        const caption =
          block.caption === undefined ? null : el('figcaption', {}, this.inlines(block.caption));
        return el('figure', {}, image, caption);
      }
      case 'definitions':
        return el(
          'dl',
          {},
          block.items.flatMap(({ term, content }) => [
            el('dt', {}, this.inlines(term)),
            el('dd', {}, this.blocks(content)),
          ]),
        );
      case 'rule':
        return el('hr');
    }
  }

  private list(block: Extract<Block, { type: 'list' }>): XmlElement {
    const tasks = block.items.some((item) => item.checked !== undefined);
    const items = block.items.map(({ checked, content }) => {
      // A list that is read on paper has no box to click: the state is a character, named for those who listen.
      const box =
        checked === undefined
          ? null
          : el(
              'span',
              { role: 'img', 'aria-label': checked ? '\u2713' : '\u25a1' },
              checked ? '\u2611 ' : '\u2610 ',
            );
      const [first, ...rest] = content;
      const inner =
        first?.type === 'paragraph'
          ? [box, this.inlines(first.content), this.blocks(rest)]
          : [box, this.blocks(content)];
      return el('li', {}, inner);
    });
    const start = block.ordered && block.start !== undefined ? { start: String(block.start) } : {};
    return el(block.ordered ? 'ol' : 'ul', { ...start, class: tasks ? 'tasks' : undefined }, items);
  }

  private table(block: Extract<Block, { type: 'table' }>): XmlElement {
    const style = (index: number) => ({
      class: block.align[index] === null ? undefined : `align-${block.align[index]}`,
    });
    const cells = (row: Inline[][], name: 'th' | 'td') =>
      row.map((cell, index) =>
        el(name, { ...style(index), scope: name === 'th' ? 'col' : undefined }, this.inlines(cell)),
      );
    const headed = block.header.some((cell) => cell.length > 0);
    const head = headed ? el('thead', {}, el('tr', {}, cells(block.header, 'th'))) : null;
    const rows = block.rows.map((row) => el('tr', {}, cells(row, 'td')));
    if (head === null && rows.length === 0) return el('p');
    return el(
      'div',
      { class: 'table' },
      el('table', {}, head, rows.length === 0 ? null : el('tbody', {}, rows)),
    );
  }

  private inlines(content: Inline[]): Array<XmlElement | string> {
    return content.map((inline) => this.inline(inline));
  }

  private inline(inline: Inline): XmlElement | string {
    switch (inline.type) {
      case 'text':
        return inline.value;
      case 'code':
        return el('code', { dir: 'ltr' }, inline.value);
      case 'break':
        return el('br');
      case 'image':
        return el('img', { class: 'inline', src: this.context.imageOf(inline.asset), alt: inline.alt });
      case 'note':
        return this.reference(inline.id);
      case 'link':
        return el('a', { href: this.href(inline.to) }, this.inlines(inline.content));
      default:
        return el(MARKS[inline.type], {}, this.inlines(inline.content));
    }
  }

  private reference(note: string): XmlElement | string {
    const number = this.numbers.get(note);
    if (number === undefined) return '';
    const count = (this.references.get(note) ?? 0) + 1;
    this.references.set(note, count);
    const link = {
      href: `#note-${number}`,
      id: `ref-${number}-${count}`,
      'epub:type': 'noteref',
      role: 'doc-noteref',
    };
    return el('sup', {}, el('a', link, String(number)));
  }

  private href(to: LinkTarget): string {
    if ('url' in to) return to.url;
    const file = this.context.fileOf(to.chapter);
    if (to.anchor === undefined) return file;
    return this.chapter.id === to.chapter
      ? `#${this.anchors.get(to.anchor) ?? 'title'}`
      : `${file}#${anchorOf(to.anchor)}`;
  }

  private direction(text: string): { dir?: string } {
    const found = directionOf(text);
    return found === null || found === this.context.direction ? {} : { dir: found };
  }
}

/** Ids of a chapter's headings on its page, by the heading's own id. Ordinals would move when a heading is put in; words do not. */
function headingIds(chapter: Chapter): Map<string, string> {
  const ids = chapter.content.flatMap((block) => (block.type === 'heading' ? [block.id] : []));
  return new Map(ids.map((id) => [id, anchorOf(id)]));
}

/** A heading's slug as an XML name in ASCII, one to one: what is not a letter or digit is written as `_` and its code. */
export function anchorOf(slug: string): string {
  return `h-${slug.replace(/[^a-zA-Z0-9-]/gu, (char) => `_${(char.codePointAt(0) ?? 0).toString(16)}_`)}`;
}
