import { ebookErrors } from '../ebook.errors.ts';

/** The text of a manuscript's file. UTF-8 with or without a byte order mark; anything else is refused by name. */
export function decodeText(file: string, content: Uint8Array): string {
  const found = foreignEncoding(content);
  if (found !== null) throw ebookErrors.encoding(file, found);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw ebookErrors.encoding(
      file,
      `line ${firstBadLine(content)} looks like Latin-1, Windows-1252 or another 8-bit encoding`,
    );
  }
}

function foreignEncoding(content: Uint8Array): string | null {
  const [a, b, c, d] = content;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'it is UTF-32' : 'it is UTF-16 (little endian)';
  if (a === 0xfe && b === 0xff) return 'it is UTF-16 (big endian)';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'it is UTF-32';
  const zeros = content.subarray(0, 4096).filter((byte) => byte === 0).length;
  if (zeros > content.subarray(0, 4096).length / 4) return 'it looks like UTF-16 without a byte order mark';
  return zeros > 0 || content.includes(0) ? 'it holds NUL bytes, as binary files do' : null;
}

function firstBadLine(content: Uint8Array): number {
  let line = 1;
  let start = 0;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let at = 0; at <= content.length; at++) {
    if (at < content.length && content[at] !== 0x0a) continue;
    try {
      decoder.decode(content.subarray(start, at));
    } catch {
      return line;
    }
    line += 1;
    start = at + 1;
  }
  return line;
}
