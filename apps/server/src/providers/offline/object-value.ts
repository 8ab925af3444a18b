import type { Json, JsonObject, JsonSchema } from '@stagewright/engine';

import { providerErrors } from '../providers.errors.ts';
import type { FillValue, Filling, Place } from './fill-contract.ts';
import { textForPattern } from './pattern.ts';
import { asObject } from './theme.ts';

const DEEP = 5;

/** An object with every property that the schema names, required or not, as far as the bounds allow. */
export function objectValue(schema: JsonSchema, filling: Filling, place: Place, fill: FillValue): JsonObject {
  const value: JsonObject = {};
  const part = { ...filling };
  const write = (name: string, inner: Json): void => {
    const own = { ...place, name, depth: place.depth + 1, random: place.random.fork(name) };
    const written = fill(inner, part, own);
    // What stands beside the title of a list's entry is about that title.
    if (place.index !== null && name === 'title' && typeof written === 'string')
      part.theme = { ...part.theme, focus: written };
    // Defined as data, so that a property called `__proto__` is one like any other.
    Object.defineProperty(value, name, {
      value: written,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  };
  for (const name of chosenNames(schema, filling, place)) write(name, propertySchema(schema, name));
  const least = typeof schema['minProperties'] === 'number' ? schema['minProperties'] : 0;
  for (let index = 0; Object.keys(value).length < least; index += 1) {
    if (index > least + 50)
      throw providerErrors.offlineContractUnsupported('an object of it needs more properties than it allows');
    const name = extraName(schema, place, index);
    if (!Object.hasOwn(value, name)) write(name, propertySchema(schema, name));
  }
  filling.written = part.written;
  return value;
}

function chosenNames(schema: JsonSchema, filling: Filling, place: Place): string[] {
  const required = [schema['required'] ?? []].flat().filter((name) => typeof name === 'string');
  const properties = Object.entries(asObject(schema['properties']) ?? {});
  const possible = properties
    .filter(([name, inner]) => inner !== false && !required.includes(name))
    .map(([name]) => name);
  const most =
    typeof schema['maxProperties'] === 'number' ? schema['maxProperties'] : Number.POSITIVE_INFINITY;
  const wanted = (name: string): boolean =>
    place.depth <= DEEP && (filling.attempt === 0 || place.random.fork(`keep-${name}`).int(3) > 0);
  const optional = possible.filter(wanted).slice(0, Math.max(0, most - required.length));
  // In the order of the schema: people read answers in that order.
  const order = properties.map(([name]) => name);
  return [
    ...new Set([...order.filter((name) => required.includes(name) || optional.includes(name)), ...required]),
  ];
}

function propertySchema(schema: JsonSchema, name: string): Json {
  const own = asObject(schema['properties']);
  const matching = Object.entries(asObject(schema['patternProperties']) ?? {}).filter(([pattern]) =>
    plainMatch(pattern, name),
  );
  const parts = [
    ...(own && Object.hasOwn(own, name) ? [own[name] ?? true] : []),
    ...matching.map(([, inner]) => inner),
  ];
  if (parts.length > 0) return parts.length === 1 ? (parts[0] ?? true) : { allOf: parts };
  return schema['additionalProperties'] ?? true;
}

/** Patterns of names are compared only where they are a plain prefix: the filled object is validated as a whole. */
function plainMatch(pattern: string, name: string): boolean {
  const prefix = /^\^([\w-]+)/.exec(pattern)?.[1];
  return prefix === undefined ? true : name.startsWith(prefix);
}

function extraName(schema: JsonSchema, place: Place, index: number): string {
  const names = asObject(schema['propertyNames']);
  const fromNames = names?.['pattern'];
  const [fromProperties] = Object.keys(asObject(schema['patternProperties']) ?? {});
  const pattern =
    typeof fromNames === 'string'
      ? fromNames
      : schema['additionalProperties'] === false
        ? fromProperties
        : undefined;
  if (pattern === undefined) {
    if (schema['additionalProperties'] === false)
      throw providerErrors.offlineContractUnsupported('an object of it allows too few properties');
    const listed = names?.['enum'];
    return (Array.isArray(listed) ? listed.map(String)[index] : undefined) ?? `item${index + 1}`;
  }
  // Seeds differ in their first letter: patterns of names often allow no digits.
  const seed = `${String.fromCharCode(97 + (index % 26))}-part-${index + 1}`;
  const options = { minLength: 1, maxLength: 60, seed, random: place.random.fork(`name-${index}`) };
  return textForPattern(pattern, options) ?? `item${index + 1}`;
}
