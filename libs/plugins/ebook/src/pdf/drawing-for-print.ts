import { create } from 'xmlbuilder2';
import type { FontChoice } from './load-fonts.ts';
import type { Printable } from './printable.ts';

/** The parts of the DOM in use; the library's own types say far more. */
interface DomNode {
  nodeType: number;
  localName?: string;
  textContent: string | null;
  childNodes: Iterable<DomNode>;
  ownerDocument: { createElementNS(namespace: string, name: string): DomNode } | null;
  appendChild(child: DomNode): unknown;
  removeChild(child: DomNode): unknown;
  insertBefore(child: DomNode, before: DomNode): unknown;
  setAttribute(name: string, value: string): unknown;
  removeAttribute(name: string): unknown;
}

const SVG = 'http://www.w3.org/2000/svg';
const TEXT_NODES = [3, 4];

/**
 * A cleaned drawing with its words in fonts of ours: every run of letters names the family that has them. A name that the
 * machine happens to know, or a letter that none of our fonts has, would be set in a font of the machine, and the same
 * book would look different elsewhere.
 */
export function drawingForPrint(svg: Uint8Array, fonts: FontChoice[], printable: Printable): Uint8Array {
  const document = create(new TextDecoder().decode(svg));
  const root = document.root().node as unknown as DomNode;
  settle(root, fonts, { printable, inText: false });
  root.setAttribute('font-family', fonts[0]?.family ?? '');
  return new TextEncoder().encode(document.end());
}

function settle(node: DomNode, fonts: FontChoice[], state: { printable: Printable; inText: boolean }): void {
  if ('removeAttribute' in node) node.removeAttribute('font-family');
  const inText = state.inText || node.localName === 'text';
  for (const child of [...node.childNodes]) {
    if (child.nodeType === 1) settle(child, fonts, { ...state, inText });
    else if (inText && TEXT_NODES.includes(child.nodeType)) splitByFont(child, node, fonts, state.printable);
  }
}

function splitByFont(child: DomNode, parent: DomNode, fonts: FontChoice[], printable: Printable): void {
  const words = printable.letters(child.textContent ?? '');
  for (const run of runsOf(words, fonts)) {
    const span = parent.ownerDocument?.createElementNS(SVG, 'tspan');
    if (span === undefined) return;
    span.setAttribute('font-family', run.family);
    span.textContent = run.text;
    parent.insertBefore(span, child);
  }
  parent.removeChild(child);
}

/** Neighbouring letters of one family; white space and marks stay with the letters before them where that font has them. */
function runsOf(words: string, fonts: FontChoice[]): Array<{ family: string; text: string }> {
  const runs: Array<{ family: string; text: string }> = [];
  for (const char of words) {
    const code = char.codePointAt(0) ?? 0;
    const last = runs.at(-1);
    const stays =
      /[\s\p{M}]/u.test(char) && fonts.some((font) => font.family === last?.family && font.covers(code));
    const family = stays ? last?.family : fonts.find((font) => font.covers(code))?.family;
    if (last !== undefined && (family === undefined || last.family === family)) last.text += char;
    else runs.push({ family: family ?? fonts[0]?.family ?? '', text: char });
  }
  return runs;
}
