import type { Json } from '../vocabulary.ts';
import { valueInvalid } from './contract.errors.ts';

/** Lists and objects inside one another in a value that is validated. */
export const MAX_VALUE_DEPTH = 64;

/** How much there is in a value: nodes (scalars, lists, objects), and characters of texts and keys. */
export interface ValueSize {
  nodes: number;
  characters: number;
}

/** Throws `OUTPUT_INVALID` when a value nests too deep. Without recursion: depth cannot hurt it. */
export function checkValueDepth(value: Json): void {
  measureValue(value, Number.POSITIVE_INFINITY);
}

/**
 * Measures a value, at most so many nodes; beyond, `nodes` is infinite.
 * Throws `OUTPUT_INVALID` when it nests deeper than allowed.
 */
export function measureValue(value: Json, limit: number): ValueSize {
  const size = { nodes: 0, characters: 0 };
  let level: Json[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const below: Json[] = [];
    for (const item of level) {
      size.nodes += 1;
      if (typeof item === 'string') size.characters += item.length;
      if (item === null || typeof item !== 'object') continue;
      if (depth >= MAX_VALUE_DEPTH) throw valueInvalid(`it nests more than ${MAX_VALUE_DEPTH} deep`);
      if (size.nodes + below.length > limit)
        return { nodes: Number.POSITIVE_INFINITY, characters: size.characters };
      if (Array.isArray(item)) for (const child of item) below.push(child);
      else
        for (const [key, child] of Object.entries(item)) {
          size.characters += key.length;
          below.push(child);
        }
    }
    level = below;
  }
  return size;
}
