import { inflateSync } from 'node:zlib';

const WOFF = 0x774f4646;

interface Table {
  tag: string;
  data: Uint8Array;
}

/** Tables of a TrueType or OpenType font, from a `.ttf`, `.otf` or WOFF 1 file. */
export function fontTables(file: Uint8Array): { flavor: number; tables: Table[] } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const woff = view.getUint32(0) === WOFF;
  const count = view.getUint16(woff ? 12 : 4);
  const tables = Array.from({ length: count }, (_, index) => {
    const at = woff ? 44 + index * 20 : 12 + index * 16;
    const tag = String.fromCharCode(...file.subarray(at, at + 4));
    const offset = view.getUint32(woff ? at + 4 : at + 8);
    const packed = view.getUint32(woff ? at + 8 : at + 12);
    const size = woff ? view.getUint32(at + 12) : packed;
    const data = file.subarray(offset, offset + packed);
    return { tag, data: packed < size ? inflateSync(data, { maxOutputLength: size }) : data };
  });
  return { flavor: view.getUint32(woff ? 4 : 0), tables };
}

/**
 * The font as a plain file under a family name of ours. Fonts of the machine are visible to the typesetter too; a name that
 * nobody else uses is what makes a book look the same everywhere.
 */
export function renameFont(file: Uint8Array, family: string, style: string): Uint8Array {
  const { flavor, tables } = fontTables(file);
  const kept = tables.filter(({ tag }) => tag !== 'name' && tag !== 'DSIG');
  kept.push({ tag: 'name', data: nameTable(family, style) });
  kept.sort((a, b) => (a.tag < b.tag ? -1 : 1));
  return assemble(flavor, kept);
}

function nameTable(family: string, style: string): Uint8Array {
  const names: Array<[number, string]> = [
    [1, family],
    [2, style],
    [4, `${family} ${style}`],
    [6, `${family}-${style}`.replace(/[^A-Za-z0-9-]/g, '')],
  ];
  const storage = 6 + names.length * 12;
  const out = new Uint8Array(storage + names.reduce((sum, [, text]) => sum + text.length * 2, 0));
  const view = new DataView(out.buffer);
  view.setUint16(2, names.length);
  view.setUint16(4, storage);
  let offset = 0;
  names.forEach(([id, text], index) => {
    // Windows, Unicode BMP, US English: UTF-16 big endian.
    [3, 1, 0x409, id, text.length * 2, offset].forEach((value, field) =>
      view.setUint16(6 + index * 12 + field * 2, value),
    );
    for (let at = 0; at < text.length; at++) view.setUint16(storage + offset + at * 2, text.charCodeAt(at));
    offset += text.length * 2;
  });
  return out;
}

function assemble(flavor: number, tables: Table[]): Uint8Array {
  let offset = 12 + tables.length * 16;
  const out = new Uint8Array(offset + tables.reduce((sum, { data }) => sum + padded(data.length), 0));
  const view = new DataView(out.buffer);
  const power = 2 ** Math.floor(Math.log2(tables.length));
  view.setUint32(0, flavor);
  [tables.length, power * 16, Math.log2(power), (tables.length - power) * 16].forEach((value, index) =>
    view.setUint16(4 + index * 2, value),
  );
  tables.forEach(({ tag, data }, index) => {
    const at = 12 + index * 16;
    for (let letter = 0; letter < 4; letter++) out[at + letter] = tag.charCodeAt(letter);
    out.set(data, offset);
    view.setUint32(at + 4, checksum(view, offset, padded(data.length)));
    view.setUint32(at + 8, offset);
    view.setUint32(at + 12, data.length);
    offset += padded(data.length);
  });
  return out;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

function checksum(view: DataView, from: number, length: number): number {
  let sum = 0;
  for (let at = from; at < from + length; at += 4) sum = (sum + view.getUint32(at)) >>> 0;
  return sum;
}
