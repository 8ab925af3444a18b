/**
 * The closed document model between reading and writing. It holds text, ids and `asset:ID` references; it cannot
 * express markup, styles or scripts, so whatever a model or a manuscript says stays text.
 */

/** Where a link leads: an absolute `http(s):`/`mailto:` address, or a chapter of the same book. */
export type LinkTarget = { url: string } | { chapter: string; anchor?: string };

export type Inline =
  | { type: 'text'; value: string }
  | { type: 'code'; value: string }
  | { type: 'break' }
  | { type: 'emphasis' | 'strong' | 'strike' | 'superscript' | 'subscript'; content: Inline[] }
  | { type: 'link'; to: LinkTarget; content: Inline[] }
  /** A reference to one of the chapter's notes. */
  | { type: 'note'; id: string }
  /** `asset` is `asset:ID` of an image of the book. */
  | { type: 'image'; asset: string; alt: string };

export interface ListItem {
  /** Present for the items of a task list. */
  checked?: boolean;
  content: Block[];
}

export type Alignment = 'left' | 'center' | 'right' | null;

export type Block =
  /** `id` is unique in the chapter; links name it as their anchor. Level 1 is below the chapter's own title. */
  | { type: 'heading'; level: number; id: string; content: Inline[] }
  | { type: 'paragraph'; content: Inline[] }
  | { type: 'list'; ordered: boolean; start?: number; items: ListItem[] }
  | { type: 'quote'; content: Block[] }
  | { type: 'code'; language?: string; value: string }
  | { type: 'table'; align: Alignment[]; header: Inline[][]; rows: Inline[][][] }
  | { type: 'figure'; asset: string; alt: string; caption?: Inline[] }
  | { type: 'definitions'; items: Array<{ term: Inline[]; content: Block[] }> }
  | { type: 'rule' };

export interface Note {
  id: string;
  content: Block[];
}

export interface Chapter {
  /** Unique in the book, `^[a-z][a-z0-9-]*$`. */
  id: string;
  title: string;
  content: Block[];
  notes: Note[];
  /** File of the manuscript that it came from. */
  source?: string;
}

/** An image of a book: `id` is what `asset:ID` names, `artifact` is where its bytes are. */
export interface BookImage {
  id: string;
  name: string;
  mediaType: ImageType;
  artifact: string;
  alt?: string;
  /** Pixels. */
  width: number;
  height: number;
}

export type ImageType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'image/svg+xml';

/** Something the reader of the result should know; the work went on. */
export interface Warning {
  /** Stable, `AREA_REASON`. */
  code: string;
  message: string;
  file?: string;
  /** 1-based. */
  line?: number;
}

/** Gathers warnings; the same one is kept once, and never more than 500. */
export class Warnings {
  readonly list: Warning[] = [];
  private readonly seen = new Set<string>();

  add(warning: Warning): void {
    const key = JSON.stringify([warning.code, warning.message, warning.file, warning.line]);
    if (this.seen.has(key)) return;
    this.seen.add(key);
    if (this.list.length < 500) this.list.push(warning);
    else if (this.list.length === 500) {
      this.list.push({
        code: 'WARNINGS_TRUNCATED',
        message: 'There are more warnings than are listed here.',
      });
    }
  }
}
