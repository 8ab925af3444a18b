import { inflateSync } from 'fflate';
import { ebookErrors } from '../ebook.errors.ts';
import { readDirectory } from './central-directory.ts';
import type { ZipEntry } from './central-directory.ts';

/** A file of a manuscript: its path with `/`, and its bytes. */
export interface ManuscriptFile {
  path: string;
  content: Uint8Array;
}

const MAX_ENTRIES = 2_000;
const MAX_BYTES = 100_000_000;
/** A file may unpack to this, whatever its ratio: plain text can be very repetitive. */
const FREE_BYTES = 10_000_000;
const MAX_RATIO = 200;

export function isZip(content: Uint8Array): boolean {
  return (
    content[0] === 0x50 && content[1] === 0x4b && (content[2] === 3 || content[2] === 5 || content[2] === 7)
  );
}

/**
 * Files of a zip, sorted by path. Everything is checked before the first byte is unpacked: one unsafe entry refuses the whole
 * archive. What a Mac or an editor leaves behind (`__MACOSX`, dot files) is passed over.
 */
export function readArchive(content: Uint8Array): ManuscriptFile[] {
  const entries = readDirectory(content, MAX_ENTRIES);
  const seen = new Set<string>();
  let total = 0;
  for (const entry of entries) {
    checkEntry(entry);
    const key = entry.path.normalize('NFC').replace(/\/$/, '');
    if (seen.has(key)) throw ebookErrors.archiveUnsafe(entry.path, 'is there twice');
    seen.add(key);
    total += entry.size;
  }
  checkNoFileIsFolder(entries);
  if (total > MAX_BYTES)
    throw ebookErrors.archiveTooLarge(`it unpacks to ${total} bytes, ${MAX_BYTES} are allowed`);
  return entries
    .filter((entry) => !entry.folder && !isLeftover(entry.path))
    .map((entry) => ({ path: entry.path.normalize('NFC'), content: unpack(content, entry) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function checkEntry(entry: ZipEntry): void {
  const { path } = entry;
  const refuse = (reason: string): never => {
    throw ebookErrors.archiveUnsafe(path, reason);
  };
  if (path === '' || path.length > 1_000) refuse('has an empty or overlong name');
  if (path.includes('\0')) refuse('has a NUL character in its name');
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[\u0001-\u001f\u007f\u202a-\u202e\u2066-\u2069]/.test(path))
    refuse('has control characters in its name');
  if (path.includes('\\')) refuse('has a backslash in its name');
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) refuse('has an absolute name');
  const segments = path.replace(/\/$/, '').split('/');
  if (segments.some((part) => part === '..' || part === '.' || part === '')) refuse('leaves its folder');
  if (entry.link) refuse('is a symbolic link or a special file');
  if (entry.encrypted) refuse('is encrypted');
  if (entry.method !== 0 && entry.method !== 8)
    refuse(`is packed by a method (${entry.method}) other than deflate`);
  if (entry.method === 0 && entry.packed !== entry.size) refuse('says two different sizes');
  if (entry.size > FREE_BYTES && entry.size > entry.packed * MAX_RATIO) {
    throw ebookErrors.archiveTooLarge(`"${path}" unpacks to more than ${MAX_RATIO} times its packed size`);
  }
}

/** `a` as a file and `a/b` as another cannot both be true. */
function checkNoFileIsFolder(entries: ZipEntry[]): void {
  const files = new Set(entries.filter((entry) => !entry.folder).map((entry) => entry.path));
  for (const { path } of entries) {
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
      if (files.has(path.slice(0, at)))
        throw ebookErrors.archiveUnsafe(path, 'lies inside what is also a file');
    }
  }
}

function isLeftover(path: string): boolean {
  return path.split('/').some((part) => part === '__MACOSX' || part.startsWith('.') || part === 'Thumbs.db');
}

/** The sizes were promised by the directory; the output buffer holds them to it. */
function unpack(archive: Uint8Array, entry: ZipEntry): Uint8Array {
  const packed = archive.subarray(entry.dataAt, entry.dataAt + entry.packed);
  if (entry.method === 0) return packed.slice();
  let content: Uint8Array;
  try {
    // One byte more than promised: an entry that unpacks to more is caught instead of being cut silently.
    content = inflateSync(packed, { out: new Uint8Array(entry.size + 1) });
  } catch {
    throw ebookErrors.archiveBroken(`"${entry.path}" is damaged or larger than the archive says`);
  }
  if (content.length !== entry.size)
    throw ebookErrors.archiveBroken(`"${entry.path}" is not as large as the archive says`);
  return content;
}
