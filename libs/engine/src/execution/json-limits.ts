import type { Json } from '../vocabulary.ts';

export interface JsonLimits {
  /** UTF-8 bytes of the text. */
  bytes: number;
  /** Levels of lists and mappings. */
  depth: number;
}

/** What an answer of a model may be. */
export const OUTPUT_LIMITS: JsonLimits = { bytes: 1024 * 1024, depth: 64 };

const FORBIDDEN_KEY = /"(?:_|\\u005f){2}proto(?:_|\\u005f){2}"\s*:/i;

/**
 * Why a JSON text is not even parsed; null when it may be. Counts on the text, so that a hostile one costs no more than
 * its length and never reaches code that recurses.
 */
export function jsonFault(text: string, { bytes, depth }: JsonLimits): string | null {
  if (text.length > bytes || Buffer.byteLength(text) > bytes) return `must not be larger than ${bytes} bytes`;
  if (depthOf(text) > depth) return `must not be nested deeper than ${depth} levels`;
  if (FORBIDDEN_KEY.test(text)) return 'must not have a key "__proto__"';
  return null;
}

/** The same for a value that is parsed already. Walks without recursion. */
export function valueFault(value: Json, limits: JsonLimits): string | null {
  const open: Array<{ value: Json; depth: number }> = [{ value, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    const depth = next.depth + 1;
    if (depth > limits.depth) return `must not be nested deeper than ${limits.depth} levels`;
    if (Object.hasOwn(next.value, '__proto__')) return 'must not have a key "__proto__"';
    for (const inner of Object.values(next.value)) open.push({ value: inner, depth });
  }
  return Buffer.byteLength(JSON.stringify(value)) > limits.bytes
    ? `must not be larger than ${limits.bytes} bytes`
    : null;
}

function depthOf(text: string): number {
  let deepest = 0;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (quoted) {
      if (character === BACKSLASH) at += 1;
      else if (character === QUOTE) quoted = false;
    } else if (character === QUOTE) quoted = true;
    else if (character === OPEN_LIST || character === OPEN_MAP) deepest = Math.max(deepest, (depth += 1));
    else if (character === CLOSE_LIST || character === CLOSE_MAP) depth -= 1;
  }
  return deepest;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;
