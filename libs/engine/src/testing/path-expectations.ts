import { asMuchAs, partial } from './difference.ts';
import { parsePath, pick } from '../template/value-path.ts';
import type { Found } from './difference.ts';
import type { Json } from '../vocabulary.ts';

/** A value that is expected at a path. */
export interface ExpectedAt {
  path: string;
  wanted: Json;
  /** JSON pointer into the file to what is expected. */
  at: string;
  /** What is told before the path. */
  prefix?: string;
}

/** What is not as expected where a path leads: at every item of `[*]`, of which there must be one. */
export function differencesAt(root: Json, { path, wanted, at, prefix = '' }: ExpectedAt): Found[] {
  const picked = pick(root, parsePath(path) ?? []);
  if (picked.length === 0) return [{ path: prefix + path, at, message: 'has no item' }];
  return picked.flatMap(({ path: where, value }) => {
    const told = { path: prefix + where, at };
    if (value === undefined) return [{ ...told, message: 'is missing', expected: wanted }];
    // What is expected of every item is one value in the file: it cannot become several.
    const update = picked.length === 1 ? asMuchAs(wanted, value) : undefined;
    return partial(told, wanted, value).map((found) => whole(found, at, update));
  });
}

/** The whole value is written again: a pointer below a key that is a path itself leads nowhere. */
function whole({ path, message, expected, actual }: Found, at: string, update: Json | undefined): Found {
  const compared = actual === undefined ? {} : { actual, ...(update !== undefined && { update }) };
  return { path, at, message, ...(expected !== undefined && { expected }), ...compared };
}
