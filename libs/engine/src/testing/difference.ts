import { join } from '../template/value-path.ts';
import type { Json } from '../vocabulary.ts';

/** One way in which a run was not as expected. */
export interface Difference {
  /** Where, as in the file: `stages.outline.round`. */
  path: string;
  message: string;
  /** Both present when two values are compared. */
  expected?: Json;
  actual?: Json;
  /** JSON pointer into the file to what was not met, and its place. 1-based. */
  at: string;
  line: number;
  column: number;
  /** What the file would have to say instead. Absent where only a person can tell. */
  update?: Json;
}

/** A difference before its place is looked up. */
export type Found = Omit<Difference, 'line' | 'column'>;

/** Where something is expected: how it is told, and a JSON pointer into the file. */
export interface Spot {
  path: string;
  at: string;
}

export function under(spot: Spot, name: string): Spot {
  return { path: join(spot.path, name), at: `${spot.at}/${escaped(name)}` };
}

function item(spot: Spot, index: number): Spot {
  return { path: `${spot.path}[${index}]`, at: `${spot.at}/${index}` };
}

/** A mapping needs only what is expected of it; lists and plain values must be equal, item by item. */
export function partial(spot: Spot, expected: Json, actual: Json): Found[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length)
      return [compared(spot, expected, actual)];
    return expected.flatMap((one, index) => partial(item(spot, index), one, actual[index] ?? null));
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null || Array.isArray(actual))
      return [compared(spot, expected, actual)];
    return Object.entries(expected).flatMap(([key, value]) =>
      Object.hasOwn(actual, key)
        ? partial(under(spot, key), value, actual[key] ?? null)
        : [{ ...under(spot, key), message: 'is missing', expected: value }],
    );
  }
  return same(spot, expected, actual);
}

export function same(spot: Spot, expected: Json, actual: Json): Found[] {
  return expected === actual ? [] : [compared(spot, expected, actual)];
}

export function compared(spot: Spot, expected: Json, actual: Json): Found {
  const message = `is ${shown(actual)}, expected ${shown(expected)}`;
  return { ...spot, message, expected, actual, update: asMuchAs(expected, actual) };
}

/** What is there of what was asked for: a new expectation says no more than the old one. */
export function asMuchAs(expected: Json, actual: Json): Json {
  if (Array.isArray(expected) && Array.isArray(actual))
    return actual.map((one, index) =>
      index < expected.length ? asMuchAs(expected[index] ?? null, one) : one,
    );
  if (!isMap(expected) || !isMap(actual)) return actual;
  const kept = Object.entries(expected).filter(([key]) => Object.hasOwn(actual, key));
  return Object.fromEntries(kept.map(([key, value]) => [key, asMuchAs(value, actual[key] ?? null)]));
}

function isMap(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const LONGEST = 200;

export function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

/** A name as a segment of a JSON pointer. */
export function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
