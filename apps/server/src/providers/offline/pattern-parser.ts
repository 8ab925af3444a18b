import type { Random } from './random.ts';

/** The regular expressions that text can be written for: everything but look-around and back references. */
export type PatternNode =
  | { kind: 'empty' }
  | { kind: 'sequence'; parts: PatternNode[] }
  | { kind: 'choice'; options: [PatternNode, ...PatternNode[]] }
  | { kind: 'class'; set: CharClass }
  | { kind: 'repeat'; node: PatternNode; min: number; max: number };

export interface CharClass {
  has(code: number): boolean;
  /** Any character of the class. */
  any(random: Random): string;
}

type Range = [from: number, to: number];

const DIGIT: Range[] = [[48, 57]];
const WORD: Range[] = [
  [97, 122],
  [65, 90],
  [48, 57],
  [95, 95],
];
const SPACE: Range[] = [[32, 32]];
const PRINTABLE: Range[] = [[32, 126]];
const LOWER: Range[] = [[97, 122]];
const UPPER: Range[] = [[65, 90]];
/** The ASCII members of the Unicode categories that contracts use. */
const CATEGORIES: Record<string, Range[]> = {
  L: [...LOWER, ...UPPER],
  Letter: [...LOWER, ...UPPER],
  Ll: LOWER,
  Lowercase_Letter: LOWER,
  Lu: UPPER,
  Uppercase_Letter: UPPER,
  N: DIGIT,
  Nd: DIGIT,
  Number: DIGIT,
  Alphabetic: [...LOWER, ...UPPER],
};
const CONTROL: Record<string, number> = { n: 10, r: 13, t: 9, f: 12, v: 11 };
/** Unbounded quantifiers repeat at most this often more than they must. */
const UNBOUNDED = 100_000;

/** Undefined when the pattern holds something that no text is written for. */
export function parsePattern(source: string): PatternNode | undefined {
  const reader = { source, at: 0 };
  try {
    const node = parseChoice(reader);
    return reader.at === source.length ? node : undefined;
  } catch (error) {
    if (error instanceof UnknownSyntax) return undefined;
    throw error;
  }
}

class UnknownSyntax extends Error {}

interface Reader {
  source: string;
  at: number;
}

function parseChoice(reader: Reader): PatternNode {
  const options: [PatternNode, ...PatternNode[]] = [parseSequence(reader)];
  while (take(reader, '|')) options.push(parseSequence(reader));
  return options.length === 1 ? options[0] : { kind: 'choice', options };
}

function parseSequence(reader: Reader): PatternNode {
  const parts: PatternNode[] = [];
  while (reader.at < reader.source.length && !'|)'.includes(peek(reader)))
    parts.push(parseQuantified(reader));
  return { kind: 'sequence', parts };
}

function parseQuantified(reader: Reader): PatternNode {
  const node = parseAtom(reader);
  const bounds = parseBounds(reader);
  if (bounds === undefined) return node;
  take(reader, '?');
  return { kind: 'repeat', node, min: bounds[0], max: bounds[1] };
}

function parseBounds(reader: Reader): Range | undefined {
  if (take(reader, '*')) return [0, UNBOUNDED];
  if (take(reader, '+')) return [1, UNBOUNDED];
  if (take(reader, '?')) return [0, 1];
  const braces = /^\{(\d+)(?:(,)(\d*))?\}/.exec(reader.source.slice(reader.at));
  if (!braces) return undefined;
  reader.at += braces[0].length;
  const min = Number(braces[1]);
  if (braces[2] === undefined) return [min, min];
  return [min, braces[3] === '' ? min + UNBOUNDED : Number(braces[3])];
}

function parseAtom(reader: Reader): PatternNode {
  const char = peek(reader);
  reader.at += 1;
  if (char === '^' || char === '$') return { kind: 'empty' };
  if (char === '.') return classOf(PRINTABLE);
  if (char === '[') return parseClass(reader);
  if (char === '(') return parseGroup(reader);
  if (char === '\\') return parseEscape(reader);
  if ('*+?'.includes(char)) throw new UnknownSyntax();
  return classOf([single(char)]);
}

function parseGroup(reader: Reader): PatternNode {
  const head = /^\?(?::|<[A-Za-z]\w*>)/.exec(reader.source.slice(reader.at));
  if (head) reader.at += head[0].length;
  else if (peek(reader) === '?') throw new UnknownSyntax();
  const node = parseChoice(reader);
  if (!take(reader, ')')) throw new UnknownSyntax();
  return node;
}

function parseEscape(reader: Reader): PatternNode {
  const next = peek(reader);
  if (next === 'b') {
    reader.at += 1;
    return { kind: 'empty' };
  }
  return classOf(escapeRanges(reader));
}

function escapeRanges(reader: Reader): Range[] {
  const char = peek(reader);
  reader.at += 1;
  if (char === 'd') return DIGIT;
  if (char === 'w') return WORD;
  if (char === 's') return SPACE;
  if ('DWS'.includes(char)) return invert({ D: DIGIT, W: WORD, S: SPACE }[char] ?? []);
  if (char === 'p') return categoryRanges(reader);
  const control = CONTROL[char];
  if (control !== undefined) return [[control, control]];
  const hex = /^(?:x([0-9a-f]{2})|u([0-9a-f]{4}))/i.exec(char + reader.source.slice(reader.at));
  if (hex) {
    reader.at += hex[0].length - 1;
    const code = Number.parseInt(hex[1] ?? hex[2] ?? '', 16);
    return [[code, code]];
  }
  if (/[A-Za-z0-9]/.test(char) || char === '') throw new UnknownSyntax();
  return [single(char)];
}

function categoryRanges(reader: Reader): Range[] {
  const name = /^\{(?:General_Category=|gc=)?(\w+)\}/.exec(reader.source.slice(reader.at));
  const ranges = name?.[1] === undefined ? undefined : CATEGORIES[name[1]];
  if (!name || !ranges) throw new UnknownSyntax();
  reader.at += name[0].length;
  return ranges;
}

function parseClass(reader: Reader): PatternNode {
  const negated = take(reader, '^');
  const ranges: Range[] = [];
  while (!take(reader, ']')) {
    if (reader.at >= reader.source.length) throw new UnknownSyntax();
    const from = classMember(reader);
    const dash = peek(reader) === '-' && reader.source[reader.at + 1] !== ']' && from.length === 1;
    if (!dash) {
      ranges.push(...from);
      continue;
    }
    reader.at += 1;
    const to = classMember(reader);
    ranges.push([from[0]?.[0] ?? 0, to[0]?.[1] ?? 0]);
  }
  return classOf(negated ? invert(ranges) : ranges);
}

function classMember(reader: Reader): Range[] {
  const char = peek(reader);
  reader.at += 1;
  if (char !== '\\') return [single(char)];
  if (take(reader, 'b')) return [[8, 8]];
  return escapeRanges(reader);
}

function classOf(ranges: Range[]): PatternNode {
  const kept = ranges.filter(([from, to]) => from <= to);
  const size = kept.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  if (size === 0) throw new UnknownSyntax();
  const any = (random: Random): string => {
    let index = random.int(size);
    for (const [from, to] of kept) {
      if (index <= to - from) return String.fromCharCode(from + index);
      index -= to - from + 1;
    }
    return String.fromCharCode(kept[0]?.[0] ?? 0);
  };
  return {
    kind: 'class',
    set: { has: (code) => kept.some(([from, to]) => code >= from && code <= to), any },
  };
}

/** The printable ASCII characters that are in none of the ranges. */
function invert(ranges: Range[]): Range[] {
  const left: Range[] = [];
  for (let code = 32; code <= 126; code += 1) {
    if (!ranges.some(([from, to]) => code >= from && code <= to)) left.push([code, code]);
  }
  return left;
}

function single(char: string): Range {
  const code = char.charCodeAt(0);
  return [code, code];
}

function peek(reader: Reader): string {
  return reader.source[reader.at] ?? '';
}

function take(reader: Reader, char: string): boolean {
  if (peek(reader) !== char) return false;
  reader.at += 1;
  return true;
}
