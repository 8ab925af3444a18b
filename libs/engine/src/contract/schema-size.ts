import {
  forbiddenKey,
  MAX_SCHEMA_BYTES,
  MAX_JSON_DEPTH,
  schemaInvalid,
  schemaTooBig,
} from './contract.errors.ts';
import type { SchemaProblem } from './contract.errors.ts';
import { below } from './json-pointer.ts';

/** Keys that would reach JavaScript's prototypes when a default is filled in or values are merged. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Size, depth, forbidden keys and values that JSON does not know, without recursion: whatever comes in, this ends in
 * time linear in the caps. Nothing else may look at a schema before it.
 */
export function checkSchemaSize(schema: unknown): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const open: Array<{ value: unknown; pointer: string; depth: number }> = [
    { value: schema, pointer: '', depth: 1 },
  ];
  let bytes = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, pointer, depth } = next;
    if (typeof value === 'string') bytes += Buffer.byteLength(value) + 2;
    else if (value === null || typeof value === 'boolean' || typeof value === 'number') bytes += 5;
    else if (typeof value !== 'object') return [schemaInvalid(`a ${typeof value} is not JSON`, pointer)];
    else {
      if (depth > MAX_JSON_DEPTH) return [schemaTooBig(`it nests more than ${MAX_JSON_DEPTH} deep`, pointer)];
      bytes += 2;
      for (const [key, child] of Object.entries(value)) {
        if (!Array.isArray(value)) {
          bytes += Buffer.byteLength(key) + 4;
          if (FORBIDDEN_KEYS.has(key)) problems.push(forbiddenKey(key, below(pointer, key)));
        }
        open.push({ value: child, pointer: below(pointer, key), depth: depth + 1 });
      }
    }
    if (bytes > MAX_SCHEMA_BYTES) return [schemaTooBig(`it has more than ${MAX_SCHEMA_BYTES} bytes`, '')];
  }
  return problems;
}
