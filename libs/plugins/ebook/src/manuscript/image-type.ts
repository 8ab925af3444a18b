import { imageSize } from 'image-size';
import type { ImageType } from '../document/model.ts';

export type ImageFacts = { mediaType: ImageType; width: number; height: number } | { refused: string };

const MAX_BYTES = 30_000_000;
const MAX_PIXELS = 100_000_000;

/** What an image is by its first bytes (never by its name), and its size in pixels; or why it cannot be in a book. */
export function inspectImage(content: Uint8Array): ImageFacts {
  const mediaType = imageType(content);
  if (mediaType === null) return { refused: foreignType(content) };
  if (content.length > MAX_BYTES) return { refused: 'it is larger than 30 MB' };
  if (!isComplete(mediaType, content)) return { refused: 'it is damaged or cut off' };
  try {
    const { width, height } = imageSize(content);
    if (!Number.isFinite(width) || !Number.isFinite(height) || width < 1 || height < 1)
      return { refused: 'it has no size' };
    if (width * height > MAX_PIXELS) return { refused: 'it has more than 100 million pixels' };
    return { mediaType, width: Math.round(width), height: Math.round(height) };
  } catch {
    return { refused: 'it is damaged' };
  }
}

export function imageType(content: Uint8Array): ImageType | null {
  const head = latin1(content.subarray(0, 12));
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'image/gif';
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'image/webp';
  if (/<svg[\s>]/.test(latin1(content.subarray(0, 4096)))) return 'image/svg+xml';
  return null;
}

/** The cheap marks of a whole file: readers and validators stumble over images that end early. */
function isComplete(mediaType: ImageType, content: Uint8Array): boolean {
  const tail = latin1(content.subarray(Math.max(0, content.length - 64)));
  if (mediaType === 'image/png') return tail.includes('IEND');
  if (mediaType === 'image/jpeg')
    return latin1(content.subarray(Math.max(0, content.length - 65_536))).includes('\xff\xd9');
  if (mediaType === 'image/gif') return tail.includes(';');
  if (mediaType !== 'image/webp') return true;
  return new DataView(content.buffer, content.byteOffset).getUint32(4, true) + 8 <= content.length;
}

function foreignType(content: Uint8Array): string {
  const brand = latin1(content.subarray(4, 12));
  if (/^ftyp(?:hei|hev|mif1|msf1)/.test(brand))
    return 'it is HEIC, which e-readers do not show; save it as JPEG or PNG';
  if (brand.startsWith('ftypavi')) return 'it is AVIF, which e-readers do not show; save it as JPEG or PNG';
  return 'it is not a PNG, JPEG, GIF, WebP or SVG image';
}

function latin1(content: Uint8Array): string {
  return new TextDecoder('latin1')
    .decode(content)
    .replace(/[\u0152-\u2122]/g, (char) => WINDOWS_1252[char] ?? char);
}

/** TextDecoder's "latin1" is Windows-1252; the bytes 0x80-0x9f that matter in signatures, put back. */
const WINDOWS_1252: Record<string, string> = { '\u2030': '\x89', '\u0178': '\x9f' };
