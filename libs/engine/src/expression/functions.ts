import { RE2JS, RE2JSException } from 're2js';
import { EvaluationStop, fail } from './expression.errors.ts';
import type { Meter } from './meter.ts';

/**
 * A value while an expression is evaluated. Whole numbers are `bigint` (a CEL int), others `number` (a CEL double);
 * lists and mappings that come from the run stay as they are and are read through `lift`.
 */
export type CelValue = null | boolean | string | bigint | number | CelValue[] | { [key: string]: CelValue };

/** Functions called as `name(x)`. */
export const CALLS: ReadonlySet<string> = new Set(['has', 'size', 'string', 'int', 'double', 'bool', 'dyn']);
/** Methods that run a part of the expression per item. */
export const COMPREHENSIONS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
const PLAIN_METHODS = [
  ...['size', 'startsWith', 'endsWith', 'contains', 'matches', 'lowerAscii', 'upperAscii', 'trim'],
  ...['indexOf', 'lastIndexOf', 'substring', 'split', 'join'],
];
/** Everything called as `x.name()`. */
export const METHODS: ReadonlySet<string> = new Set([...COMPREHENSIONS, ...PLAIN_METHODS]);

/** A value of the run as CEL sees it: a number without a fraction is an int. */
export function lift(value: CelValue): CelValue {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}

export function typeName(value: CelValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  switch (typeof value) {
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    case 'boolean':
      return 'bool';
    case 'string':
      return 'string';
    default:
      return 'map';
  }
}

export function sizeOf(value: CelValue): bigint {
  if (typeof value === 'string') return BigInt([...value].length);
  if (Array.isArray(value)) return BigInt(value.length);
  if (typeof value === 'object' && value !== null) return BigInt(Object.keys(value).length);
  return fail(`size() does not take a ${typeName(value)}.`);
}

export function callFunction(name: string, args: CelValue[], meter: Meter): CelValue {
  const [value] = args;
  if (value === undefined || args.length !== 1) return fail(`${name}() takes one argument.`);
  if (typeof value === 'string') meter.text(value.length);
  switch (name) {
    case 'size':
      return sizeOf(value);
    case 'dyn':
      return value;
    case 'string':
      return toText(value);
    case 'int':
      return toInt(value);
    case 'double':
      return toDouble(value);
    case 'bool':
      return toBool(value);
    default:
      return fail(`there is no function ${name}().`);
  }
}

function toText(value: CelValue): string {
  if (value === null || typeof value === 'object')
    return fail(`string() does not take a ${typeName(value)}.`);
  return String(value);
}

function toInt(value: CelValue): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return int64(BigInt(Math.trunc(value)));
  if (typeof value === 'string' && /^[+-]?\d{1,19}$/.test(value))
    return int64(BigInt(value.replace('+', '')));
  return fail(`int() cannot convert ${described(value)}.`);
}

function toDouble(value: CelValue): number {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return value;
  const number =
    typeof value === 'string' && /^[+-]?[\d.]+([eE][+-]?\d+)?$/.test(value) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : fail(`double() cannot convert ${described(value)}.`);
}

function toBool(value: CelValue): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  return fail(`bool() cannot convert ${described(value)}.`);
}

function described(value: CelValue): string {
  return typeof value === 'string' ? `the text "${value.slice(0, 40)}"` : `a ${typeName(value)}`;
}

const INT64_MAX = 2n ** 63n - 1n;

export function int64(value: bigint): bigint {
  return value > INT64_MAX || value < -INT64_MAX - 1n ? fail('an integer is out of range.') : value;
}

/** Methods other than the comprehensions. Every one pays for the text and the items it reads and makes. */
export function callMethod(name: string, receiver: CelValue, args: CelValue[], meter: Meter): CelValue {
  if (name === 'size' && args.length === 0) {
    if (typeof receiver === 'string') meter.text(receiver.length);
    return sizeOf(receiver);
  }
  if (Array.isArray(receiver) && name === 'join') return join(receiver, args, meter);
  if (typeof receiver !== 'string') return fail(`.${name}() does not take a ${typeName(receiver)}.`);
  meter.text(receiver.length);
  const method = TEXT_METHODS[name];
  return method === undefined ? fail(`there is no function .${name}().`) : method(receiver, args, meter);
}

type TextMethod = (text: string, args: CelValue[], meter: Meter) => CelValue;

const TEXT_METHODS: Record<string, TextMethod> = {
  startsWith: (text, args) => text.startsWith(textArgument(args, 0)),
  endsWith: (text, args) => text.endsWith(textArgument(args, 0)),
  contains: (text, args) => text.includes(textArgument(args, 0)),
  matches: (text, args, meter) => matches(text, textArgument(args, 0), meter),
  lowerAscii: (text) => text.replaceAll(/[A-Z]+/g, (part) => part.toLowerCase()),
  upperAscii: (text) => text.replaceAll(/[a-z]+/g, (part) => part.toUpperCase()),
  trim: (text) => text.trim(),
  indexOf: (text, args) => BigInt(text.indexOf(textArgument(args, 0), optionalIndex(args, 1, text, 0))),
  lastIndexOf: (text, args) =>
    BigInt(text.lastIndexOf(textArgument(args, 0), optionalIndex(args, 1, text, Infinity))),
  substring: (text, args) => {
    const start = index(args[0], text);
    const end = args[1] === undefined ? text.length : index(args[1], text);
    return start > end ? fail('substring() ends before it starts.') : text.substring(start, end);
  },
  split: (text, args, meter) => {
    const limit = args[1] === undefined ? -1 : Number(integer(args[1]));
    const parts = text.split(textArgument(args, 0));
    if (limit === 0) return [];
    meter.list(parts.length);
    if (limit < 0 || parts.length <= limit) return parts;
    const separator = textArgument(args, 0);
    return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
  },
};

/** Patterns are RE2: they run in time linear to the text, whatever the pattern. */
function matches(text: string, pattern: string, meter: Meter): boolean {
  if (pattern.length > 200) return fail('the pattern of matches() has more than 200 characters.');
  meter.spend(text.length + pattern.length);
  try {
    return RE2JS.compile(pattern).matcher(text).find();
  } catch (error) {
    if (error instanceof RE2JSException || error instanceof Error)
      return fail(`the pattern "${pattern}" is not valid.`);
    throw error;
  }
}

function join(items: CelValue[], args: CelValue[], meter: Meter): string {
  const separator = args.length === 0 ? '' : textArgument(args, 0);
  const texts: string[] = [];
  let length = 0;
  for (const item of items) {
    if (typeof item !== 'string')
      return fail(`join() takes a list of strings, found a ${typeName(lift(item))}.`);
    length += item.length + separator.length;
    meter.spend(1);
    texts.push(item);
  }
  meter.text(length);
  return texts.join(separator);
}

function textArgument(args: CelValue[], position: number): string {
  const value = args[position];
  if (typeof value === 'string') return value;
  return fail(
    value === undefined ? 'an argument is missing.' : `a string was needed, found a ${typeName(value)}.`,
  );
}

function optionalIndex(args: CelValue[], position: number, text: string, otherwise: number): number {
  const value = args[position];
  return value === undefined ? otherwise : index(value, text);
}

function index(value: CelValue | undefined, text: string): number {
  const at = integer(value);
  if (at < 0n || at > BigInt(text.length)) fail(`the position ${at} is outside the text.`);
  return Number(at);
}

function integer(value: CelValue | undefined): bigint {
  return typeof value === 'bigint' ? value : fail('a whole number was needed.');
}

export function isStop(error: unknown): error is EvaluationStop {
  return error instanceof EvaluationStop;
}
