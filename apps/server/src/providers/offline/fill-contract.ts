import type { ContractViolation, Json, JsonObject, JsonSchema } from '@stagewright/engine';
import { StagewrightError } from '@stagewright/engine';

import { providerErrors } from '../providers.errors.ts';
import { flatten, shallowest } from './contract-schema.ts';
import { listValue } from './list-value.ts';
import { numberValue } from './number-value.ts';
import { objectValue } from './object-value.ts';
import type { Random } from './random.ts';
import { lengthOf } from './text-length.ts';
import { textValue } from './text-value.ts';
import { asObject } from './theme.ts';
import type { Theme } from './theme.ts';

/** Everything the writers of values need while one answer is filled. */
export interface Filling {
  root: JsonSchema;
  theme: Theme;
  attempt: number;
  /** Values written so far: contracts that ask for endless answers end here. */
  written: number;
}

/** Where a value stands, and what is known about it. */
export interface Place {
  name: string;
  index: number | null;
  depth: number;
  /** What an earlier stage or the item says about this object: titles are kept. */
  known: JsonObject | null;
  random: Random;
}

export type FillValue = (schema: Json | undefined, filling: Filling, place: Place) => Json;

const ATTEMPTS = 40;
const MAX_VALUES = 20_000;
const MAX_DEPTH = 40;
const DEEP = 5;

/**
 * A value that satisfies the contract, drawn from the theme. Where a schema leaves a choice (`oneOf`, `not`, `if`), tries
 * differ until one validates. Throws `OFFLINE_CONTRACT_UNSUPPORTED` when none does.
 */
export function fillContract(
  contract: JsonSchema,
  theme: Theme,
  random: Random,
  validate: (schema: JsonSchema, value: Json) => ContractViolation[],
): Json {
  let reason: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const filling = { root: contract, theme, attempt, written: 0 };
    try {
      const value = fillValue(contract, filling, {
        name: '',
        index: null,
        depth: 0,
        known: theme.item,
        random: random.fork(attempt),
      });
      const [violation] = validate(contract, value);
      if (violation === undefined) return value;
      reason = providerErrors.offlineContractUnsupported(
        `its value at "${violation.path}" breaks "${violation.keyword}"`,
      );
    } catch (error) {
      if (!(error instanceof StagewrightError) || error.code !== 'OFFLINE_CONTRACT_UNSUPPORTED') throw error;
      reason = error;
    }
  }
  throw reason;
}

const fillValue: FillValue = (schema, filling, place) => {
  filling.written += 1;
  if (filling.written > MAX_VALUES || place.depth > MAX_DEPTH)
    throw providerErrors.offlineContractUnsupported('it asks for too large an answer');
  const choices = { root: filling.root, attempt: filling.attempt };
  const flat = flatten(
    place.depth > DEEP ? shallowest(schema) : schema,
    choices,
    place.random.fork('schema'),
  );
  if (flat['const'] !== undefined) return flat['const'];
  if (Array.isArray(flat['enum'])) return enumValue(flat['enum'], flat, filling, place);
  const type = typeOf(flat, place.random);
  const kept = keptValue(flat, type, place);
  if (kept !== undefined) return kept;
  switch (type) {
    case 'object':
      return objectValue(flat, filling, place, fillValue);
    case 'array':
      return listValue(flat, filling, place, fillValue);
    case 'integer':
    case 'number':
      return numberValue(flat, type === 'integer', filling.theme.count(place.name), place.random);
    case 'boolean':
      return filling.attempt === 0 ? true : place.random.int(2) === 0;
    case 'null':
      return null;
    default:
      return textValue(flat, filling.theme, place, place.random);
  }
};

function enumValue(values: Json[], schema: JsonSchema, filling: Filling, place: Place): Json {
  const types = schema['type'] === undefined ? null : [schema['type']].flat();
  const allowed =
    types === null ? values : values.filter((value) => types.some((type) => isOfType(value, type)));
  const known = place.known?.[place.name];
  const same = allowed.find((value) => JSON.stringify(value) === JSON.stringify(known));
  const [first, ...others] = allowed;
  if (first === undefined)
    throw providerErrors.offlineContractUnsupported('an enumeration of it leaves no value');
  // Entries of a list take turns, so that a list of distinct values can be filled.
  if (same === undefined && place.index !== null && filling.attempt === 0)
    return allowed[place.index % allowed.length] ?? first;
  return same ?? place.random.pick([first, ...others]);
}

function isOfType(value: Json, type: Json): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  if (type === 'object') return asObject(value) !== null;
  return typeof value === type;
}

function typeOf(schema: JsonSchema, random: Random): string {
  const types = [schema['type'] ?? []].flat().filter((type) => typeof type === 'string');
  const [first, ...others] = types.filter((type) => type !== 'null');
  if (first !== undefined) return random.fork('type').pick([first, ...others]);
  if (types.length > 0) return 'null';
  const has = (...keywords: string[]): boolean => keywords.some((keyword) => schema[keyword] !== undefined);
  if (has('properties', 'required', 'patternProperties', 'minProperties', 'additionalProperties'))
    return 'object';
  if (has('items', 'prefixItems', 'minItems', 'contains', 'uniqueItems')) return 'array';
  if (has('minimum', 'maximum', 'multipleOf', 'exclusiveMinimum', 'exclusiveMaximum')) return 'number';
  return 'string';
}

/** A title that the item or an earlier stage gave stays as it is. */
function keptValue(schema: JsonSchema, type: string, place: Place): string | undefined {
  const value = place.known?.[place.name];
  if (
    type !== 'string' ||
    typeof value !== 'string' ||
    !/^(title|name|heading|id|slug|key)$/i.test(place.name)
  )
    return undefined;
  if (schema['pattern'] !== undefined || schema['format'] !== undefined) return undefined;
  const min = typeof schema['minLength'] === 'number' ? schema['minLength'] : 0;
  const max = typeof schema['maxLength'] === 'number' ? schema['maxLength'] : Number.POSITIVE_INFINITY;
  return lengthOf(value) >= min && lengthOf(value) <= max ? value : undefined;
}
