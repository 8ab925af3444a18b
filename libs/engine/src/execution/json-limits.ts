import type { Json } from '../vocabulary.ts';

export interface JsonLimits {
  /** UTF-8 bytes of its JSON. */
  bytes: number;
  /** Levels of lists and mappings. */
  depth: number;
}

/** Why a value is not even validated; null when it may be. Walks without recursion, so that depth cannot end the process. */
export function valueFault(value: Json, limits: JsonLimits): string | null {
  const open: Array<{ value: Json; depth: number }> = [{ value, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    const depth = next.depth + 1;
    if (depth > limits.depth) return `must not be nested deeper than ${limits.depth} levels`;
    if (Object.hasOwn(next.value, '__proto__')) return 'must not have a key "__proto__"';
    for (const inner of Object.values(next.value)) open.push({ value: inner, depth });
  }
  return Buffer.byteLength(JSON.stringify(value)) > limits.bytes
    ? `must not be larger than ${limits.bytes} bytes`
    : null;
}
