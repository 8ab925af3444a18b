import { ebookErrors } from '../ebook.errors.ts';

/** One entry of a zip's central directory, as far as safety needs it. */
export interface ZipEntry {
  path: string;
  folder: boolean;
  /** A symbolic link, device or other thing that is neither a file nor a folder. */
  link: boolean;
  encrypted: boolean;
  /** 0 stored, 8 deflated. */
  method: number;
  packed: number;
  size: number;
  /** Where its packed bytes begin. */
  dataAt: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;

/**
 * Reads the central directory strictly: it must stand where the end record says, hold as many entries as promised, and each
 * local header must tell the same name. Readers that trust one or the other can be shown two different archives.
 */
export function readDirectory(content: Uint8Array, maxEntries: number): ZipEntry[] {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  const start = view.getUint32(end + 16, true);
  if (count === 0xffff || start === 0xffffffff) throw ebookErrors.archiveTooLarge('it uses the zip64 format');
  if (count > maxEntries)
    throw ebookErrors.archiveTooLarge(`it has ${count} entries, ${maxEntries} are allowed`);
  if (view.getUint16(end + 4, true) !== 0 || view.getUint16(end + 8, true) !== count) {
    throw ebookErrors.archiveBroken('it is one part of several');
  }
  if (start + size > end) throw ebookErrors.archiveBroken('its directory is cut off');
  const entries: ZipEntry[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    const { entry, next } = readEntry(view, at, end);
    entries.push(entry);
    at = next;
  }
  if (at !== start + size) throw ebookErrors.archiveBroken('its directory holds more than it says');
  checkOverlap(entries);
  return entries;
}

function findEnd(view: DataView): number {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) === END && view.getUint16(at + 20, true) === last - at) return at;
  }
  throw ebookErrors.archiveBroken('it has no directory at its end');
}

function readEntry(view: DataView, at: number, end: number): { entry: ZipEntry; next: number } {
  if (at + 46 > end || view.getUint32(at, true) !== CENTRAL)
    throw ebookErrors.archiveBroken('its directory is damaged');
  const flags = view.getUint16(at + 8, true);
  const nameLength = view.getUint16(at + 28, true);
  const next = at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  if (next > end) throw ebookErrors.archiveBroken('its directory is cut off');
  const name = bytes(view, at + 46, nameLength);
  const path = decodeName(name, (flags & 0x800) !== 0);
  const packed = view.getUint32(at + 20, true);
  const local = view.getUint32(at + 42, true);
  const kind = unixKind(view.getUint16(at + 4, true), view.getUint32(at + 38, true));
  const entry: ZipEntry = {
    path,
    folder: path.endsWith('/'),
    link: kind !== 0 && kind !== 0o100000 && kind !== 0o040000,
    encrypted: (flags & 0x2041) !== 0,
    method: view.getUint16(at + 10, true),
    packed,
    size: view.getUint32(at + 24, true),
    dataAt: dataStart(view, local, name),
  };
  if (entry.dataAt + packed > end) throw ebookErrors.archiveBroken(`"${path}" is cut off`);
  return { entry, next };
}

function dataStart(view: DataView, local: number, name: Uint8Array): number {
  if (local + 30 > view.byteLength || view.getUint32(local, true) !== LOCAL) {
    throw ebookErrors.archiveBroken('an entry is not where the directory says');
  }
  const length = view.getUint16(local + 26, true);
  const start = local + 30 + length + view.getUint16(local + 28, true);
  if (start > view.byteLength) throw ebookErrors.archiveBroken('an entry is cut off');
  const same =
    length === name.length && bytes(view, local + 30, length).every((byte, index) => byte === name[index]);
  if (!same) throw ebookErrors.archiveBroken('an entry has another name than the directory says');
  return start;
}

/** Entries that share bytes are how small archives unpack to enormous ones. */
function checkOverlap(entries: ZipEntry[]): void {
  const sorted = [...entries].sort((a, b) => a.dataAt - b.dataAt);
  sorted.forEach((entry, index) => {
    const before = sorted[index - 1];
    if (before !== undefined && before.dataAt + before.packed > entry.dataAt) {
      throw ebookErrors.archiveUnsafe(entry.path, 'shares its bytes with another entry');
    }
  });
}

/** File type bits of a Unix host (3) or macOS (19); 0 for hosts that have none. */
function unixKind(madeBy: number, attributes: number): number {
  const host = madeBy >> 8;
  return host === 3 || host === 19 ? (attributes >>> 16) & 0o170000 : 0;
}

function bytes(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, length);
}

/** Old zip programs wrote names without saying how: UTF-8 when it reads as such, else Latin-1. */
function decodeName(name: Uint8Array, utf8: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(name);
  } catch {
    if (utf8) throw ebookErrors.archiveBroken('a file name is not valid UTF-8');
    return new TextDecoder('latin1').decode(name);
  }
}
