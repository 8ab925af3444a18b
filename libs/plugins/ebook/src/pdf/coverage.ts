import { fontTables } from './woff.ts';

/** Whether a font has a glyph for a code point. */
export type Coverage = (codePoint: number) => boolean;

/** What a font covers, by its `cmap` (formats 4 and 12, which every font in use has). */
export function coverageOf(file: Uint8Array): Coverage {
  const cmap = fontTables(file).tables.find(({ tag }) => tag === 'cmap')?.data;
  if (cmap === undefined) return () => false;
  const view = new DataView(cmap.buffer, cmap.byteOffset, cmap.byteLength);
  const covered = new Set<number>();
  for (let index = 0; index < view.getUint16(2); index++) {
    const platform = view.getUint16(4 + index * 8);
    const offset = view.getUint32(8 + index * 8);
    if (platform !== 0 && platform !== 3) continue;
    const format = view.getUint16(offset);
    if (format === 4) readFormat4(view, offset, covered);
    if (format === 12) readFormat12(view, offset, covered);
  }
  return (codePoint) => covered.has(codePoint);
}

function readFormat4(view: DataView, at: number, covered: Set<number>): void {
  const doubled = view.getUint16(at + 6);
  for (let segment = 0; segment < doubled; segment += 2) {
    const end = view.getUint16(at + 14 + segment);
    const start = view.getUint16(at + 16 + doubled + segment);
    const delta = view.getUint16(at + 16 + doubled * 2 + segment);
    const rangeAt = at + 16 + doubled * 3 + segment;
    const range = view.getUint16(rangeAt);
    for (let code = start; code <= end && code !== 0xffff; code++) {
      const stored = range === 0 ? code : view.getUint16(rangeAt + range + (code - start) * 2);
      if (stored !== 0 && ((stored + delta) & 0xffff) !== 0) covered.add(code);
    }
  }
}

function readFormat12(view: DataView, at: number, covered: Set<number>): void {
  const groups = view.getUint32(at + 12);
  for (let group = 0; group < groups; group++) {
    const from = at + 16 + group * 12;
    const [start, end, glyph] = [view.getUint32(from), view.getUint32(from + 4), view.getUint32(from + 8)];
    for (let code = start; code <= end; code++) if (glyph + code - start !== 0) covered.add(code);
  }
}
