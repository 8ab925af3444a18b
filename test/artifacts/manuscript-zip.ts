import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { zipSync } from 'fflate';
import type { Zippable } from 'fflate';

/** Changes a file on its way into the zip. */
export type Edit = (content: Uint8Array, path: string) => Uint8Array;

/** A folder as the zip that a person would upload. */
export function zipFolder(
  folder: string,
  edit: Edit = (content) => content,
  more: Zippable = {},
): Uint8Array {
  const files: Zippable = { ...more };
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = relative(folder, file);
    files[path] = edit(new Uint8Array(readFileSync(file)), path);
  }
  return zipSync(files);
}
