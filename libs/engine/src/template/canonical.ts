import { hash } from 'node:crypto';
import { StagewrightError } from '../errors/stagewright-error.ts';
import type { Digest, Json } from '../vocabulary.ts';

/**
 * JSON with its keys sorted by UTF-16 code unit and no white space, after RFC 8785: equal values give equal text.
 * Throws `JSON_INVALID` for what JSON cannot hold, such as NaN.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object') {
    throw new StagewrightError('JSON_INVALID', `A value of type ${typeof value} has no JSON form.`);
  }
  const members = Object.keys(value)
    .sort()
    .filter((key) => value[key] !== undefined)
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] as Json)}`);
  return `{${members.join(',')}}`;
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) {
    throw new StagewrightError('JSON_INVALID', `The number ${value} has no JSON form.`);
  }
  return JSON.stringify(value);
}

/**
 * sha256 in lower-case hex: of the bytes of a `Uint8Array`, of the UTF-8 bytes of a string, else of the canonical JSON.
 */
export function digestOf(value: Json | Uint8Array): Digest {
  const bytes = typeof value === 'string' || value instanceof Uint8Array ? value : canonicalJson(value);
  return hash('sha256', bytes, 'hex');
}
