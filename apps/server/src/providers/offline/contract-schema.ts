import type { Json, JsonObject, JsonSchema } from '@stagewright/engine';

import { providerErrors } from '../providers.errors.ts';
import type { Random } from './random.ts';
import { asObject } from './theme.ts';

/** How one try chooses where a schema leaves a choice. The first try takes the plain way, later ones vary. */
export interface Choices {
  root: JsonSchema;
  /** 0 for the first try. */
  attempt: number;
}

const MAX_REFERENCES = 50;

/**
 * A schema without `$ref`, `allOf`, `anyOf`, `oneOf` and `if`: references followed, branches chosen, all of it merged into
 * one object. What cannot be merged (two patterns) keeps the last; the filled value is validated against the original.
 */
export function flatten(schema: Json | undefined, choices: Choices, random: Random, depth = 0): JsonSchema {
  if (schema === undefined || schema === true) return {};
  const object = asObject(schema);
  if (object === null) throw providerErrors.offlineContractUnsupported('a part of it allows no value');
  if (depth > MAX_REFERENCES)
    throw providerErrors.offlineContractUnsupported('its references go in a circle');
  const { $ref, allOf, anyOf, oneOf, if: condition, then, else: otherwise, ...rest } = object;
  const parts: Json[] = [];
  if (typeof $ref === 'string') parts.push(lookUp(choices.root, $ref));
  if (Array.isArray(allOf)) parts.push(...allOf);
  for (const branches of [anyOf, oneOf]) {
    if (Array.isArray(branches))
      parts.push(chooseBranch(branches, choices, random.fork(`branch-${parts.length}`)));
  }
  if (condition !== undefined) {
    const meets = choices.attempt === 0 || random.fork('if').int(2) === 0;
    parts.push(...(meets ? [condition, then ?? true] : [otherwise ?? true]));
  }
  return parts
    .map((part, index) => flatten(part, choices, random.fork(index), depth + 1))
    .reduce((merged, part) => merge(merged, part), rest);
}

function chooseBranch(branches: Json[], choices: Choices, random: Random): Json {
  if (choices.attempt > 0) return branches[random.int(branches.length)] ?? true;
  // Branches without a reference come first, so that recursive contracts end.
  return (
    branches.find((branch) => !isNull(branch) && !JSON.stringify(branch).includes('"$ref"')) ??
    branches.find((branch) => !isNull(branch)) ??
    true
  );
}

/** The branch of least depth, for a value that is nested deeply already. */
export function shallowest(schema: Json | undefined): Json | undefined {
  const object = asObject(schema);
  const branches: Json[] | null = object && ([object['anyOf'], object['oneOf']].find(Array.isArray) ?? null);
  if (!object || !branches) return schema;
  const plain = branches.find((branch: Json) => !JSON.stringify(branch).includes('"$ref"'));
  return plain === undefined ? schema : { ...object, anyOf: [plain], oneOf: [plain] };
}

function isNull(branch: Json): boolean {
  return asObject(branch)?.['type'] === 'null';
}

function lookUp(root: JsonSchema, reference: string): Json {
  if (reference === '#') return root;
  if (!reference.startsWith('#/'))
    throw providerErrors.offlineContractUnsupported(`the reference ${reference} leaves it`);
  let place: Json | undefined = root;
  for (const part of decodeURIComponent(reference.slice(2)).split('/')) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const inside: Json | undefined = Array.isArray(place) ? place.at(Number(name)) : asObject(place)?.[name];
    place = inside;
  }
  if (place === undefined)
    throw providerErrors.offlineContractUnsupported(`the reference ${reference} leads nowhere`);
  return place;
}

const LEAST = new Set([
  'maximum',
  'exclusiveMaximum',
  'maxLength',
  'maxItems',
  'maxProperties',
  'maxContains',
]);
const GREATEST = new Set([
  'minimum',
  'exclusiveMinimum',
  'minLength',
  'minItems',
  'minProperties',
  'minContains',
]);

function merge(left: JsonSchema, right: JsonSchema): JsonSchema {
  const merged: JsonSchema = { ...left };
  for (const [keyword, value] of Object.entries(right)) {
    const before = merged[keyword];
    merged[keyword] = before === undefined ? value : mergeKeyword(keyword, before, value);
  }
  return merged;
}

function mergeKeyword(keyword: string, left: Json, right: Json): Json {
  if (typeof left === 'number' && typeof right === 'number') {
    if (LEAST.has(keyword)) return Math.min(left, right);
    if (GREATEST.has(keyword)) return Math.max(left, right);
    if (keyword === 'multipleOf') return commonMultiple(left, right);
  }
  if (keyword === 'required') return [...new Set([...asList(left), ...asList(right)])];
  if (keyword === 'enum') return intersect(asList(left), asList(right));
  if (keyword === 'type') return intersectTypes(asList(left), asList(right));
  if (keyword === 'uniqueItems') return left === true || right === true;
  if (keyword === 'properties' || keyword === 'patternProperties') return mergeProperties(left, right);
  if (keyword === 'items' || keyword === 'additionalProperties')
    return left === false || right === false ? false : { allOf: [left, right] };
  return right;
}

function mergeProperties(left: Json, right: Json): Json {
  const merged: JsonObject = { ...asObject(left) };
  for (const [name, schema] of Object.entries(asObject(right) ?? {})) {
    const before = merged[name];
    merged[name] = before === undefined ? schema : { allOf: [before, schema] };
  }
  return merged;
}

function intersectTypes(left: Json[], right: Json[]): Json {
  const both = left.flatMap((type) => {
    if (right.includes(type)) return [type];
    if (type === 'integer' && right.includes('number')) return ['integer'];
    return type === 'number' && right.includes('integer') ? ['integer'] : [];
  });
  if (both.length === 0)
    throw providerErrors.offlineContractUnsupported('two parts of it ask for different types');
  return both;
}

function intersect(left: Json[], right: Json[]): Json[] {
  const texts = new Set(right.map((value) => JSON.stringify(value)));
  return left.filter((value) => texts.has(JSON.stringify(value)));
}

function commonMultiple(left: number, right: number): number {
  const divide = (a: number, b: number): number => (b === 0 ? a : divide(b, a % b));
  return Number.isInteger(left) && Number.isInteger(right)
    ? (left * right) / divide(left, right)
    : Math.max(left, right);
}

function asList(value: Json): Json[] {
  return Array.isArray(value) ? value : [value];
}
