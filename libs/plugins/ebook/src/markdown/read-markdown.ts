import type { Root as HastRoot, Element } from 'hast';
import type { Definition, FootnoteDefinition, Html, Nodes, Parents, Root } from 'mdast';
import rehypeRaw from 'rehype-raw';
import rehypeSanitize from 'rehype-sanitize';
import remarkFrontmatter from 'remark-frontmatter';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';
import { visit } from 'unist-util-visit';
import { cleanText } from '../document/clean-text.ts';
import { flowInlines } from '../document/flow-text.ts';
import type { Block, Note, Warnings } from '../document/model.ts';
import { cleanRawHtml } from './raw-html.ts';
import { SANITIZE } from './sanitize-schema.ts';
import { DocumentBuilder } from './to-document.ts';
import type { BuilderOptions } from './to-document.ts';
import { limitNesting } from './nesting.ts';

export interface ReadOptions extends BuilderOptions {
  /** Named in warnings. */
  file?: string;
  warnings: Warnings;
}

export interface ReadMarkdown {
  /** The YAML between `---` lines at the very start, if any. */
  frontMatter: string | null;
  /** Headings keep the level that the text gave them: 1 is `#`. */
  blocks: Block[];
  notes: Note[];
}

const parser = unified().use(remarkParse).use(remarkGfm).use(remarkFrontmatter, ['yaml', 'toml']);
const toHast = unified().use(remarkRehype, {
  allowDangerousHtml: true,
  handlers: {
    footnoteReference: (_state: unknown, node: { identifier: string }): Element => ({
      type: 'element',
      tagName: 'sup',
      properties: { dataNote: node.identifier },
      children: [],
    }),
  },
});
const parseRaw = unified().use(rehypeRaw);
const sanitize = unified().use(rehypeSanitize, SANITIZE);

/**
 * Reads untrusted Markdown (CommonMark and GFM, with footnotes) into the document model. Text that nests beyond all reason is
 * kept as plain paragraphs instead of exhausting the stack.
 */
export function readMarkdown(text: string, options: ReadOptions): ReadMarkdown {
  const clean = limitNesting(cleanText(text));
  try {
    return read(clean, options);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'RangeError') throw error;
    warn(options, {
      code: 'MARKDOWN_TOO_DEEP',
      message: 'The text nests too deeply; it was kept as plain paragraphs.',
    });
    return { frontMatter: null, blocks: plainParagraphs(clean), notes: [] };
  }
}

function read(text: string, options: ReadOptions): ReadMarkdown {
  const root = parser.parse(text);
  const frontMatter = takeFrontMatter(root, options);
  const { notes, definitions } = takeNotes(root, options);
  cleanHtmlNodes(root, options);
  const builder = new DocumentBuilder(options);
  const blocks = builder.blocks(hastOf(root));
  return { frontMatter, blocks, notes: readNotes(notes, definitions, { builder, options }) };
}

function hastOf(root: Root): HastRoot {
  const tree = toHast.runSync(root);
  let raw = false;
  visit(tree, 'raw', () => {
    raw = true;
  });
  return sanitize.runSync(raw ? parseRaw.runSync(tree) : tree);
}

function takeFrontMatter(root: Root, options: ReadOptions): string | null {
  const [first] = root.children;
  if (first === undefined || (first.type as string) === 'toml') {
    if (first !== undefined) {
      root.children.shift();
      warn(options, {
        code: 'FRONT_MATTER_IGNORED',
        message: 'The front matter is TOML; only YAML is read.',
        line: 1,
      });
    }
    return null;
  }
  if (first.type !== 'yaml') return null;
  root.children.shift();
  return first.value;
}

/** Takes the footnotes out of the tree and numbers them by their first reference. */
function takeNotes(root: Root, options: ReadOptions) {
  const byLabel = new Map<string, FootnoteDefinition>();
  const definitions: Definition[] = [];
  visit(root, (node: Nodes, index, parent: Parents | undefined) => {
    if (node.type === 'definition') definitions.push(node);
    if (node.type !== 'footnoteDefinition' || parent === undefined || index === undefined) return;
    if (!byLabel.has(node.identifier)) byLabel.set(node.identifier, node);
    parent.children.splice(index, 1);
    return index;
  });
  const ids = new Map<string, string>();
  visit(root, 'footnoteReference', (node) => {
    if (!ids.has(node.identifier)) ids.set(node.identifier, `fn-${ids.size + 1}`);
    node.identifier = ids.get(node.identifier) ?? '';
  });
  for (const [label, note] of byLabel) {
    if (ids.has(label)) continue;
    const message = `Footnote "${label}" is never referred to, so it is not in the book.`;
    warn(options, { code: 'FOOTNOTE_UNUSED', message, line: note.position?.start.line });
  }
  const notes = [...ids].flatMap(([label, id]) => {
    const note = byLabel.get(label);
    return note === undefined ? [] : [{ id, note }];
  });
  return { notes, definitions };
}

function readNotes(
  notes: Array<{ id: string; note: FootnoteDefinition }>,
  definitions: Definition[],
  { builder, options }: { builder: DocumentBuilder; options: ReadOptions },
): Note[] {
  if (notes.length === 0) return [];
  const root: Root = { type: 'root', children: [...definitions] };
  for (const { id, note } of notes) {
    visit(note, 'footnoteReference', (node, index, parent) => {
      // A note inside a note has no place on a page: its mark stays as text.
      if (parent !== undefined && index !== undefined)
        parent.children[index] = { type: 'text', value: `[${node.label ?? ''}]` };
    });
    const data = { hName: 'section', hProperties: { dataNote: id } };
    root.children.push({ type: 'blockquote', children: note.children, data } as never);
  }
  cleanHtmlNodes(root, options);
  const result: Note[] = [];
  visit(hastOf(root), 'element', (element) => {
    const id = element.properties['dataNote'];
    if (element.tagName !== 'section' || typeof id !== 'string' || result.some((note) => note.id === id))
      return;
    result.push({ id, content: builder.blocks(element) });
  });
  return result;
}

function cleanHtmlNodes(root: Root, options: ReadOptions): void {
  visit(root, 'html', (node: Html) => {
    const cleaned = cleanRawHtml(node.value);
    node.value = cleaned.html;
    for (const what of cleaned.removed) {
      warn(options, {
        code: 'HTML_REMOVED',
        message: `Raw HTML was left out: ${what}.`,
        line: node.position?.start.line,
      });
    }
  });
}

function warn(options: ReadOptions, facts: { code: string; message: string; line?: number }): void {
  options.warnings.add({ ...facts, ...(options.file === undefined ? {} : { file: options.file }) });
}

function plainParagraphs(text: string): Block[] {
  return text
    .split(/\n\s*\n/)
    .filter((part) => part.trim() !== '')
    .map((part) => ({ type: 'paragraph', content: flowInlines([{ type: 'text', value: part.trim() }]) }));
}
