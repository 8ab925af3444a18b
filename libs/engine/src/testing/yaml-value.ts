import { Document, Scalar, stringify, visit } from 'yaml';
import type { Json } from '../vocabulary.ts';

/** What a reader of files refuses as it is: control characters, marks of byte order, halves of characters. */
// eslint-disable-next-line no-control-regex -- finding control characters is the point
const HIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFEFF\uFFFE\uFFFF]|\p{Cs}/gu;

/** The value on one line, as it may stand anywhere in a YAML file, between brackets too. */
export function rendered(value: Json): string {
  const list = stringify([value], {
    collectionStyle: 'flow',
    flowCollectionPadding: false,
    lineWidth: 0,
    minContentWidth: 0,
    blockQuote: false,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
    aliasDuplicateObjects: false,
  });
  const line = list.trimEnd().slice(1, -1);
  // JSON is YAML, in which everything may be escaped: for what the library would fold, or leave as it is.
  const isPlain = !line.includes('\n') && line.search(HIDDEN) === -1;
  return isPlain ? line : visible(JSON.stringify(value));
}

/** The value as the text of a file: blocks, texts of several lines as such, and nothing that a reader cannot see. */
export function yamlText(value: object): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value !== 'string') return;
      const isLines = node.value.includes('\n');
      if (node.value.search(HIDDEN) !== -1 || (isLines && !fitsBlock(node.value)))
        node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const text = document.toString({
    lineWidth: 0,
    blockQuote: 'literal',
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
  return visible(text);
}

/** Escaped as between double quotes. */
function visible(text: string): string {
  return text.replace(HIDDEN, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function isBlockScalar(text: string): boolean {
  return /^[|>]/.test(text);
}

/** Whatever is no line of visible text: among them empty lines that hold spaces. */
const UNFIT = /^$|[^\S\n ]|[^\P{Cc}\n]|\u2028|\u2029|\uFEFF|\n +(?:\n|$)/u;

/** The text as a block of lines like another one, with its indentation; null when it cannot be written so. */
export function blockLike(old: string, value: string): string | null {
  const [header = '', first = ''] = old.split('\n');
  const indent = /^ */.exec(first)?.[0] ?? '';
  const isPlain = /^\|-?$/.test(header) && indent !== '';
  if (!isPlain || !fitsBlock(value)) return null;
  const body = value.endsWith('\n') ? value.slice(0, -1) : value;
  const lines = body.split('\n').map((line) => (line === '' ? '' : indent + line));
  return `${value.endsWith('\n') ? '|' : '|-'}\n${lines.join('\n')}\n`;
}

/** Whether a block of lines holds the text as it is: no space at either end, no other line ends, no control characters. */
function fitsBlock(text: string): boolean {
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  return body.trim() === body && !UNFIT.test(body);
}
