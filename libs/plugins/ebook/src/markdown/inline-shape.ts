import { flowInlines } from '../document/flow-text.ts';
import type { Inline } from '../document/model.ts';

/** Whether there is nothing to see. */
export function isBlank(content: Inline[]): boolean {
  return content.every((inline) => {
    if (inline.type === 'text') return inline.value.trim() === '';
    if (inline.type === 'break') return true;
    return 'content' in inline ? isBlank(inline.content) : false;
  });
}

/** As flowing text, without breaks and white space at either end; neighbouring breaks become one. */
export function trimInlines(content: Inline[]): Inline[] {
  const out = flowInlines(content).filter(
    (inline, index, all) => inline.type !== 'break' || all[index - 1]?.type !== 'break',
  );
  while (out.length > 0 && isBlank(out.slice(0, 1))) out.shift();
  while (out.length > 0 && isBlank(out.slice(-1))) out.pop();
  const [first] = out;
  if (first?.type === 'text') out[0] = { ...first, value: first.value.trimStart() };
  const last = out.at(-1);
  if (last?.type === 'text') out[out.length - 1] = { ...last, value: last.value.trimEnd() };
  return out;
}

/** Parts of a paragraph whose lines begin with a colon: the term, then its meanings. One part when there are none. */
export function splitDefinitions(content: Inline[]): Inline[][] {
  const parts: Inline[][] = [[]];
  for (const inline of content) {
    if (inline.type !== 'text') {
      parts.at(-1)?.push(inline);
      continue;
    }
    inline.value.split(/\n: +/).forEach((piece, index) => {
      if (index > 0) parts.push([]);
      if (piece !== '') parts.at(-1)?.push({ type: 'text', value: piece });
    });
  }
  const trimmed = parts.map(trimInlines);
  return trimmed.some((part) => part.length === 0) ? [trimInlines(content)] : trimmed;
}
