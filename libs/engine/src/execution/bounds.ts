import { canonicalJson } from '../template/canonical.ts';
import type { Json } from '../vocabulary.ts';

/** What an attempt record keeps of one field, in UTF-8 bytes. */
export const RECORD_BYTES = 256 * 1024;
/** What a failure's `details` keep of a raw text, in characters: together with the rest under 64 KiB. */
export const DETAIL_CHARACTERS = 12_000;

const encoder = new TextEncoder();

/** The text, cut at `bytes` with a marker that says how much is missing. */
export function cutText(text: string, bytes: number = RECORD_BYTES): string {
  // No character takes more than three bytes per UTF-16 unit: short texts need no counting.
  if (text.length * 3 <= bytes) return text;
  const whole = encoder.encode(text);
  if (whole.byteLength <= bytes) return text;
  const kept = new TextDecoder('utf-8', { fatal: false })
    .decode(whole.subarray(0, bytes - 64))
    .replace(/\ufffd+$/, '');
  return `${kept}\n[cut: ${whole.byteLength - encoder.encode(kept).byteLength} more bytes]`;
}

/** The value as it is when its JSON is within `bytes`, else the beginning of its JSON as text, with a marker. */
export function cutJson(value: Json, bytes: number = RECORD_BYTES): Json {
  if (mostBytes(value, bytes) <= bytes) return value;
  const text = JSON.stringify(value) ?? 'null';
  if (text.length * 3 <= bytes || encoder.encode(text).byteLength <= bytes) return value;
  return cutText(text, bytes);
}

/** Bytes that the value's JSON takes at most, counted until they are more than `enough`: no text is made for small values. */
function mostBytes(value: Json | undefined, enough: number): number {
  // An escape takes six bytes; nothing takes more for one UTF-16 unit.
  if (typeof value === 'string') return 2 + 6 * value.length;
  if (typeof value !== 'object' || value === null) return 26;
  let bytes = 2;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && bytes <= enough; index += 1)
      bytes += 1 + mostBytes(value[index], enough);
    return bytes;
  }
  for (const key in value) {
    if (bytes > enough) break;
    bytes += 4 + 6 * key.length + mostBytes(value[key], enough);
  }
  return bytes;
}

/** The value as JSON holds it: what a handler gave back may carry `undefined`, dates or prototypes. */
export function asJson(value: unknown): Json {
  if (value === undefined) return null;
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** Whether two values have the same JSON. */
export function sameJson(a: unknown, b: unknown): boolean {
  return canonicalJson(asJson(a)) === canonicalJson(asJson(b));
}
