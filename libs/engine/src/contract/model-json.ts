import type { Json } from '../vocabulary.ts';
import { outputInvalid } from './contract.errors.ts';

export interface ModelJsonCaps {
  /** UTF-8 bytes of the whole answer. Default 2 MiB. */
  maxBytes?: number;
  /** Lists and objects inside one another. Default 64. */
  maxDepth?: number;
}

const FENCE = /^```[A-Za-z0-9]{0,16}[ \t]*\r?\n([\s\S]*?)\r?\n?```$/;

/**
 * The one JSON document in a model's answer. White space around it and one fenced code block are allowed; other text,
 * a second document, NaN, too deep or too long answers and `__proto__` keys are not.
 * Throws `OUTPUT_INVALID` with `details.why` and the raw text (its first 32,000 characters).
 */
export function parseModelJson(text: string, caps: ModelJsonCaps = {}): Json {
  const { maxBytes = 2 * 1024 * 1024, maxDepth = 64 } = caps;
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes) {
    throw outputInvalid(`it is longer than ${maxBytes} bytes`, text);
  }
  const source = unfenced(text.trim());
  if (source === '') throw outputInvalid('it is empty', text);
  const scan = scanDocument(source, maxDepth);
  if (scan.fault !== null) throw outputInvalid(scan.fault, text);
  const value = parse(source, text);
  if (scan.escapedOrPlainProto && hasProtoKey(value)) throw outputInvalid('it has a key "__proto__"', text);
  return value;
}

const unfenced = (text: string): string => (FENCE.exec(text)?.[1] ?? text).trim();

interface Scan {
  fault: string | null;
  /** Whether a key may be `__proto__`: plain, or hidden behind an escape. */
  escapedOrPlainProto: boolean;
}

/** One pass over the text, without recursion: where the document ends and how deep it is. JSON.parse does the rest. */
function scanDocument(source: string, maxDepth: number): Scan {
  const fail = (fault: string): Scan => ({ fault, escapedOrPlainProto: false });
  if (!/^[[{"\-0-9tfnNI]/.test(source)) return fail('it does not start with JSON');
  let depth = 0;
  let end = -1;
  for (let index = 0; index < source.length && end < 0; index += 1) {
    const character = source[index];
    if (character === '"') {
      index = endOfString(source, index);
      if (depth === 0) end = index;
    } else if (character === '{' || character === '[') {
      depth += 1;
      if (depth > maxDepth) return fail(`it nests more than ${maxDepth} deep`);
    } else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth <= 0) end = index;
    }
  }
  if (depth > 0) return fail('it ends before the document is complete');
  if (end >= 0 && source.slice(end + 1).trim() !== '') {
    return fail(
      /^[[{"]/.test(source.slice(end + 1).trim())
        ? 'it holds more than one JSON document'
        : 'text follows the JSON document',
    );
  }
  return { fault: null, escapedOrPlainProto: source.includes('__proto__') || source.includes('\\u') };
}

/** Index of the closing quote, or of the last character when it is missing. */
function endOfString(source: string, start: number): number {
  for (let index = start + 1; index < source.length; index += 1) {
    if (source[index] === '\\') index += 1;
    else if (source[index] === '"') return index;
  }
  return source.length - 1;
}

function parse(source: string, raw: string): Json {
  try {
    return JSON.parse(source) as Json;
  } catch (error) {
    if (/(?:^|[\s[,:])-?(?:NaN|Infinity)\b/.test(source))
      throw outputInvalid('NaN and Infinity are not JSON', raw);
    throw outputInvalid(
      (error as Error).message
        .split('\n')[0]
        ?.replace(/, (?:\.\.\.)?"[\s\S]*$/, '')
        .replace(/ in JSON at position/, ' at position') ?? 'bad JSON',
      raw,
    );
  }
}

function hasProtoKey(root: Json): boolean {
  const open: Json[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (value === null || typeof value !== 'object') continue;
    if (!Array.isArray(value) && Object.hasOwn(value, '__proto__')) return true;
    for (const child of Object.values(value)) open.push(child);
  }
  return false;
}
