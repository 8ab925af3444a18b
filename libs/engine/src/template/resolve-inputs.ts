import type { Json, JsonObject, JsonSchema } from '../vocabulary.ts';

/**
 * The inputs with the defaults of their contract filled in, at the top level and in nested objects that are there or
 * have a default themselves. Never validates, never changes what was given.
 */
export function resolveInputs(schema: JsonSchema, given: JsonObject): JsonObject {
  const properties = objectOf(schema['properties']);
  const resolved: JsonObject = { ...given };
  for (const [name, declared] of Object.entries(properties)) {
    if (FORBIDDEN.has(name)) continue;
    const property = objectOf(declared);
    const present = Object.hasOwn(resolved, name);
    if (!present && property['default'] === undefined) continue;
    const value: Json = present ? (resolved[name] ?? null) : structuredClone(property['default'] as Json);
    resolved[name] = isObject(value) ? resolveInputs(property, value) : value;
  }
  return resolved;
}

/** Names that would reach an object's prototype. Schemas that hold them are refused long before. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
