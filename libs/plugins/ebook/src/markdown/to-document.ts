import type { Element, Nodes, Parents } from 'hast';
import { toString } from 'hast-util-to-string';
import type { Block, Inline, LinkTarget, ListItem, Warnings } from '../document/model.ts';
import { textOf } from '../document/text-of.ts';
import { INLINE_WRAPS, inlineKind } from './inline-kinds.ts';
import { isBlank, splitDefinitions, trimInlines } from './inline-shape.ts';
import { elements, readTable } from './read-table.ts';
import { Slugs } from './slugs.ts';

export interface BuilderOptions {
  /** Where a link leads; null makes it plain text. */
  link(href: string, line: number | undefined): LinkTarget | null;
  /** The image that a source names; null puts its alternative text there. */
  image(src: string, line: number | undefined): { asset: string; alt?: string } | null;
  warnings: Warnings;
}

const MAX_DEPTH = 48;
const CONTAINERS = new Set(
  'article aside div details footer header main nav section tbody thead tfoot'.split(' '),
);

/** Builds the document model from a sanitised HTML tree. An allow-list of its own: what it does not know is only its text. */
export class DocumentBuilder {
  private readonly options: BuilderOptions;
  private readonly slugs = new Slugs();
  private line: number | undefined;
  private depth = 0;

  constructor(options: BuilderOptions) {
    this.options = options;
  }

  blocks(parent: Parents): Block[] {
    if (this.depth >= MAX_DEPTH) return paragraph([{ type: 'text', value: toString(parent) }]);
    this.depth += 1;
    const out: Block[] = [];
    let run: Nodes[] = [];
    const flush = () => {
      out.push(...this.paragraphs(this.inlines(run)));
      run = [];
    };
    for (const node of parent.children) {
      const made = node.type === 'element' ? this.block(node) : null;
      if (made === null) run.push(node);
      else {
        flush();
        out.push(...made);
      }
    }
    flush();
    this.depth -= 1;
    return mergeDefinitions(out);
  }

  /** Null when the element is not a block. */
  private block(element: Element): Block[] | null {
    this.line = element.position?.start.line ?? this.line;
    const name = element.tagName;
    if (/^h[1-6]$/.test(name)) return this.heading(element);
    if (CONTAINERS.has(name)) return this.blocks(element);
    switch (name) {
      case 'p':
      case 'summary':
      case 'caption':
        return this.paragraphs(this.inlines(element.children));
      case 'ul':
      case 'ol':
        return this.list(element);
      case 'li':
        return this.list({ ...element, tagName: 'ul', properties: {}, children: [element] });
      case 'blockquote':
        return [{ type: 'quote' as const, content: this.blocks(element) }].filter(
          (quote) => quote.content.length > 0,
        );
      case 'pre':
        return [this.code(element)];
      case 'hr':
        return [{ type: 'rule' }];
      case 'table':
        return this.table(element);
      case 'dl':
        return this.definitions(element);
      case 'figure':
        return this.figure(element);
      default:
        return null;
    }
  }

  private heading(element: Element): Block[] {
    const content = trimInlines(this.inlines(element.children));
    if (isBlank(content)) return [];
    return [
      { type: 'heading', level: Number(element.tagName[1]), id: this.slugs.next(textOf(content)), content },
    ];
  }

  /** A paragraph, or what its content really is: a lone image is a figure, lines that begin with `:` are definitions. */
  private paragraphs(inlines: Inline[]): Block[] {
    const [term = [], ...meanings] = splitDefinitions(inlines);
    if (meanings.length === 0) {
      const [only] = term;
      if (term.length === 1 && only?.type === 'image')
        return [{ type: 'figure', asset: only.asset, alt: only.alt }];
      return isBlank(term) ? [] : paragraph(term);
    }
    return [
      { type: 'definitions', items: [{ term, content: meanings.flatMap((meaning) => paragraph(meaning)) }] },
    ];
  }

  private list(element: Element): Block[] {
    const items: ListItem[] = [];
    for (const child of elements(element)) {
      if (child.tagName !== 'li') {
        items.push({ content: this.blocks({ type: 'root', children: [child] }) });
        continue;
      }
      const box = taskBox(child);
      items.push({ ...(box === null ? {} : { checked: box }), content: this.blocks(child) });
    }
    const kept = items.filter((item) => item.content.length > 0 || item.checked !== undefined);
    if (kept.length === 0) return [];
    const start = Number(element.properties['start'] ?? 1);
    const ordered = element.tagName === 'ol';
    const from =
      ordered && Number.isInteger(start) && start !== 1 && start >= 0 && start < 1_000_000 ? { start } : {};
    return [{ type: 'list', ordered, ...from, items: kept }];
  }

  private code(element: Element): Block {
    const inner = elements(element).find((child) => child.tagName === 'code') ?? element;
    const classes = inner.properties['className'];
    const language = (Array.isArray(classes) ? classes : [])
      .map(String)
      .find((name) => name.startsWith('language-'))
      ?.slice('language-'.length);
    const named = language !== undefined && /^[\w+#.-]{1,32}$/.test(language) ? { language } : {};
    return { type: 'code', ...named, value: toString(element).replace(/\n$/, '') };
  }

  private table(element: Element): Block[] {
    const caption = elements(element)
      .filter((child) => child.tagName === 'caption')
      .flatMap((child) => this.paragraphs(this.inlines(child.children)));
    const table = readTable(element, (cell) => trimInlines(this.inlines(cell.children)));
    return table === null ? caption : [...caption, table];
  }

  private definitions(element: Element): Block[] {
    const items: Array<{ term: Inline[]; content: Block[] }> = [];
    const parts = elements(element).flatMap((child) => (child.tagName === 'div' ? elements(child) : [child]));
    for (const part of parts) {
      if (part.tagName === 'dt') items.push({ term: trimInlines(this.inlines(part.children)), content: [] });
      else {
        const content = this.blocks(part);
        const last = items.at(-1);
        if (last === undefined) items.push({ term: [], content });
        else last.content.push(...content);
      }
    }
    return items.length === 0 ? [] : [{ type: 'definitions', items }];
  }

  private figure(element: Element): Block[] {
    const caption = elements(element).find((child) => child.tagName === 'figcaption');
    const content = this.blocks({
      type: 'root',
      children: element.children.filter((child) => child !== caption),
    });
    const words = caption === undefined ? [] : trimInlines(this.inlines(caption.children));
    const figure = content.find((block) => block.type === 'figure');
    if (figure !== undefined && !isBlank(words)) figure.caption = words;
    else content.push(...this.paragraphs(words));
    return content;
  }

  private inlines(nodes: Nodes[]): Inline[] {
    return nodes.flatMap((node) => this.inline(node));
  }

  private inline(node: Nodes): Inline[] {
    if (node.type === 'text') return node.value === '' ? [] : [{ type: 'text', value: node.value }];
    if (node.type !== 'element') return [];
    this.line = node.position?.start.line ?? this.line;
    if (this.depth >= MAX_DEPTH) return [{ type: 'text', value: toString(node) }];
    this.depth += 1;
    const made = this.inlineElement(node);
    this.depth -= 1;
    return made;
  }

  private inlineElement(element: Element): Inline[] {
    const children = () => this.inlines(element.children);
    const note = element.properties['dataNote'];
    switch (inlineKind(element.tagName)) {
      case 'break':
        return [{ type: 'break' }];
      case 'code': {
        const value = toString(element).replace(/\s+/g, ' ');
        return value.trim() === '' ? [] : [{ type: 'code', value }];
      }
      case 'image':
        return this.image(element);
      case 'link':
        return this.link(element);
      case 'quotation':
        return [{ type: 'text', value: '\u201c' }, ...children(), { type: 'text', value: '\u201d' }];
      case 'wrap': {
        if (element.tagName === 'sup' && typeof note === 'string') return [{ type: 'note', id: note }];
        const content = children();
        const type = INLINE_WRAPS[element.tagName] ?? 'emphasis';
        return content.length === 0 ? [] : [{ type, content }];
      }
      case 'block':
        return [{ type: 'break' }, ...children(), { type: 'break' }];
      case 'transparent':
        return children();
      case 'nothing':
        return [];
    }
  }

  private image(element: Element): Inline[] {
    const { src, alt, title } = element.properties;
    const words = [alt, title].find((value) => typeof value === 'string' && value.trim() !== '');
    const own = typeof words === 'string' ? words.replace(/\s+/g, ' ').trim() : '';
    const found = this.options.image(typeof src === 'string' ? src : '', this.line);
    if (found !== null)
      return [{ type: 'image', asset: found.asset, alt: own === '' ? (found.alt ?? '') : own }];
    if (typeof src === 'string' && /^https?:/i.test(src.trim())) {
      const target = this.options.link(src, this.line);
      const content: Inline[] = [{ type: 'text', value: own === '' ? src : own }];
      return target === null ? content : [{ type: 'link', to: target, content }];
    }
    return own === '' ? [] : [{ type: 'text', value: own }];
  }

  private link(element: Element): Inline[] {
    const line = this.line;
    const content = withoutLinks(this.inlines(element.children));
    const href = element.properties['href'];
    if (typeof href !== 'string' || isBlank(content)) return content;
    const to = this.options.link(href, line);
    return to === null ? content : [{ type: 'link', to, content }];
  }
}

function paragraph(content: Inline[]): Block[] {
  return [{ type: 'paragraph', content }];
}

/** The tick box of a task list's item, taken out of it; null when the item has none. */
function taskBox(item: Element): boolean | null {
  for (const holder of [item, ...elements(item).filter((child) => child.tagName === 'p')]) {
    const box = elements(holder).find((child) => child.tagName === 'input');
    if (box === undefined) continue;
    holder.children = holder.children.filter((child) => child !== box);
    const { checked } = box.properties;
    return checked !== undefined && checked !== null && checked !== false;
  }
  return null;
}

/** A link inside a link is not allowed anywhere: the inner one gives way. */
function withoutLinks(content: Inline[]): Inline[] {
  return content.flatMap((inline): Inline[] => {
    if (inline.type === 'link') return withoutLinks(inline.content);
    if (inline.type === 'note') return [];
    return 'content' in inline ? [{ ...inline, content: withoutLinks(inline.content) }] : [inline];
  });
}

function mergeDefinitions(blocks: Block[]): Block[] {
  const out: Block[] = [];
  for (const block of blocks) {
    const last = out.at(-1);
    if (block.type === 'definitions' && last?.type === 'definitions') last.items.push(...block.items);
    else out.push(block);
  }
  return out;
}
