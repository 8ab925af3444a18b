import { measureValue } from '../contract/value-size.ts';
import { subschemas } from '../contract/schema-keywords.ts';
import type { Json, JsonSchema } from '../vocabulary.ts';

/**
 * When validating may happen on the main thread.
 *
 * A schema without references is a tree. Ajv visits each of its nodes at most once per place of the value, so the work
 * is at most (nodes of the schema) x (nodes of the value), each step costing no more than the characters it looks at.
 * Excluded is every keyword whose single step is not bounded that way: comparing whole items (`uniqueItems`), regular
 * expressions (`pattern`, `patternProperties`, most formats), counting over branches (`unevaluated*`).
 */
const COSTLY: readonly string[] = [
  '$ref',
  'uniqueItems',
  'pattern',
  'patternProperties',
  'unevaluatedItems',
  'unevaluatedProperties',
];
/** Formats checked by a short anchored pattern without repetition, or by plain code. */
const CHEAP_FORMATS: ReadonlySet<unknown> = new Set(['date', 'time', 'date-time', 'artifact']);

/** Schema nodes times value nodes: about 2 ms of work at 20 ns a step. */
const MAX_STEPS = 100_000;
/** Characters times schema nodes: text lengths are counted once per node that looks at them. */
const MAX_CHARACTERS = 2_000_000;

/** Weight of a schema; infinite when it is not harmless. Kept while the schema lives: plans are long-lived. */
const weights = new WeakMap<JsonSchema, number>();

function weightOf(schema: JsonSchema): number {
  const known = weights.get(schema);
  if (known !== undefined) return known;
  const all = subschemas(schema);
  const costly = all.some(
    ({ schema: part }) =>
      COSTLY.some((keyword) => Object.hasOwn(part, keyword)) ||
      (part['format'] !== undefined && !CHEAP_FORMATS.has(part['format'])),
  );
  const listed = all.reduce(
    (sum, { schema: part }) => sum + lengthOf(part['enum']) + lengthOf(part['required']),
    0,
  );
  const weight = costly ? Number.POSITIVE_INFINITY : all.length + listed;
  weights.set(schema, weight);
  return weight;
}

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** Whether validating is bounded by about 2 ms. The schema must have passed `checkSchema`. Throws for too deep values. */
export function isHarmless(schema: JsonSchema, value: Json): boolean {
  const weight = weightOf(schema);
  if (!Number.isFinite(weight)) return false;
  const { nodes, characters } = measureValue(value, MAX_STEPS / weight);
  return nodes * weight <= MAX_STEPS && characters * weight <= MAX_CHARACTERS;
}
