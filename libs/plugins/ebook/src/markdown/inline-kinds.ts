/** How each inline element of HTML is read. */
export type InlineKind =
  'break' | 'code' | 'image' | 'link' | 'quotation' | 'wrap' | 'block' | 'transparent' | 'nothing';

export const INLINE_WRAPS: Record<string, 'emphasis' | 'strong' | 'strike' | 'superscript' | 'subscript'> = {
  em: 'emphasis',
  i: 'emphasis',
  cite: 'emphasis',
  dfn: 'emphasis',
  strong: 'strong',
  b: 'strong',
  summary: 'strong',
  dt: 'strong',
  del: 'strike',
  s: 'strike',
  strike: 'strike',
  sup: 'superscript',
  sub: 'subscript',
};

const KINDS: Record<string, InlineKind> = {
  br: 'break',
  hr: 'break',
  code: 'code',
  kbd: 'code',
  samp: 'code',
  tt: 'code',
  var: 'code',
  pre: 'code',
  img: 'image',
  a: 'link',
  q: 'quotation',
  input: 'nothing',
};
const BLOCKS = new Set(
  'p div li ul ol h1 h2 h3 h4 h5 h6 blockquote table tr dl dd figure section'.split(' '),
);

export function inlineKind(tagName: string): InlineKind {
  if (INLINE_WRAPS[tagName] !== undefined) return 'wrap';
  return KINDS[tagName] ?? (BLOCKS.has(tagName) ? 'block' : 'transparent');
}
