import type { Json } from '../vocabulary.ts';

/** What a helper gets: its arguments after resolution. An absent value arrives as null where `lenient` allows it. */
export interface PromptHelper {
  name: string;
  /** Fewest and most arguments. */
  arity: [number, number];
  /** Positions whose value may be absent or null; others raise an error before the helper is called. */
  lenient: 'all' | 'first' | 'none';
  /** As a person writes it. */
  usage: string;
  /** One sentence for the reference. */
  summary: string;
  /** Pure. Throws a HelperFault with a message for the author of the prompt. */
  run(args: Json[]): Json;
}

/** A helper met a value it cannot work with; the renderer adds the place. */
export class HelperFault extends Error {}

const isScalar = (value: Json): value is null | boolean | number | string =>
  value === null || typeof value !== 'object';

/** What a value is, in words for people. */
export function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'object':
      return 'an object';
    case 'string':
      return 'text';
    default:
      return `a ${typeof value}`;
  }
}

/** Handlebars' notion of truth: null, false, 0, empty text and empty lists are false; everything else is true. */
export function isTruthy(value: Json): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

const same = (name: string, left: Json = null, right: Json = null): boolean => {
  if (!isScalar(left) || !isScalar(right)) {
    const other = isScalar(left) ? right : left;
    throw new HelperFault(`{{${name}}} compares text, numbers, booleans and null, not ${kindOf(other)}`);
  }
  return left === right;
};

const text = (name: string, value: Json = null): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new HelperFault(`{{${name}}} needs text, not ${kindOf(value)}`);
};

const whole = (name: string, value: Json | undefined, range: { from: number; to: number }): number => {
  if (typeof value === 'number' && Number.isInteger(value) && value >= range.from && value <= range.to)
    return value;
  throw new HelperFault(`{{${name}}} needs a whole number from ${range.from} to ${range.to}`);
};

const join = (args: Json[]): string => {
  const [list = null, separator = ', '] = args;
  if (!Array.isArray(list)) throw new HelperFault(`{{join}} needs a list, not ${kindOf(list)}`);
  return list.map((item) => text('join', item)).join(text('join', separator));
};

const length = ([value = null]: Json[]): number => {
  if (typeof value === 'string') return [...value].length;
  if (Array.isArray(value)) return value.length;
  if (value !== null && typeof value === 'object') return Object.keys(value).length;
  throw new HelperFault(`{{length}} needs a list, an object or text, not ${kindOf(value)}`);
};

const indent = ([value, width]: Json[]): string => {
  const margin = ' '.repeat(whole('indent', width, { from: 0, to: 40 }));
  return text('indent', value).replace(/^(?=.)/gm, margin);
};

/** Every helper there is, sorted by name. All are pure: no time, no randomness, no reach outside their arguments. */
export const PROMPT_HELPERS: readonly PromptHelper[] = [
  {
    name: 'and',
    arity: [2, 8],
    lenient: 'all',
    usage: '{{#if (and a b)}}',
    summary: 'True when every argument is true.',
    run: (args) => args.every(isTruthy),
  },
  {
    name: 'default',
    arity: [2, 2],
    lenient: 'first',
    usage: '{{default value "fallback"}}',
    summary: 'The value, or the fallback when it is absent, null or empty text.',
    run: ([value = null, fallback = null]) => (value === null || value === '' ? fallback : value),
  },
  {
    name: 'eq',
    arity: [2, 2],
    lenient: 'all',
    usage: '{{#if (eq a b)}}',
    summary: 'True when both are the same text, number, boolean or null.',
    run: ([a, b]) => same('eq', a, b),
  },
  {
    name: 'inc',
    arity: [1, 1],
    lenient: 'none',
    usage: '{{inc @index}}',
    summary: 'The whole number plus one: numbering from 1.',
    run: ([value]) =>
      whole('inc', value, { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER - 1 }) + 1,
  },
  {
    name: 'indent',
    arity: [2, 2],
    lenient: 'none',
    usage: '{{indent text 4}}',
    summary: 'Every line that is not empty moved right by so many spaces (0 to 40).',
    run: indent,
  },
  {
    name: 'join',
    arity: [1, 2],
    lenient: 'none',
    usage: '{{join list ", "}}',
    summary: 'The items of a list with a separator between them; the separator is ", " unless given.',
    run: join,
  },
  {
    name: 'json',
    arity: [1, 2],
    lenient: 'none',
    usage: '{{json value 2}}',
    summary: 'The value as JSON, on one line or indented by so many spaces (0 to 8).',
    run: ([value = null, width = 0]) => JSON.stringify(value, null, whole('json', width, { from: 0, to: 8 })),
  },
  {
    name: 'length',
    arity: [1, 1],
    lenient: 'none',
    usage: '{{length list}}',
    summary: 'How many items a list, properties an object or characters a text has.',
    run: length,
  },
  {
    name: 'lower',
    arity: [1, 1],
    lenient: 'none',
    usage: '{{lower text}}',
    summary: 'The text in lower case.',
    run: ([value]) => text('lower', value).toLowerCase(),
  },
  {
    name: 'ne',
    arity: [2, 2],
    lenient: 'all',
    usage: '{{#if (ne a b)}}',
    summary: 'True when the two differ.',
    run: ([a, b]) => !same('ne', a, b),
  },
  {
    name: 'not',
    arity: [1, 1],
    lenient: 'all',
    usage: '{{#if (not a)}}',
    summary: 'True when the argument is false.',
    run: ([value = null]) => !isTruthy(value),
  },
  {
    name: 'or',
    arity: [2, 8],
    lenient: 'all',
    usage: '{{#if (or a b)}}',
    summary: 'True when any argument is true.',
    run: (args) => args.some(isTruthy),
  },
  {
    name: 'upper',
    arity: [1, 1],
    lenient: 'none',
    usage: '{{upper text}}',
    summary: 'The text in upper case.',
    run: ([value]) => text('upper', value).toUpperCase(),
  },
];

const BY_NAME: ReadonlyMap<string, PromptHelper> = new Map(
  PROMPT_HELPERS.map((helper) => [helper.name, helper]),
);

export const promptHelper = (name: string): PromptHelper | undefined => BY_NAME.get(name);
export const PROMPT_HELPER_NAMES: readonly string[] = PROMPT_HELPERS.map((helper) => helper.name);
