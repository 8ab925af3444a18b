import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { zipSync } from 'fflate';
import type { Zippable } from 'fflate';

/** Any date will do: it only has to be the same each time. */
const FIXED_DATE = new Date(1980, 0, 1);

/** A folder as a zip: plain files only, sorted by name, the same bytes for the same files. Hidden files and links stay behind. */
export function zipFolder(root: string): Uint8Array {
  const entries: Zippable = {};
  const walk = (folder: string): void => {
    for (const name of readdirSync(folder).sort()) {
      if (name.startsWith('.') || name === 'node_modules') continue;
      const path = join(folder, name);
      const stat = lstatSync(path);
      if (stat.isDirectory()) walk(path);
      else if (stat.isFile())
        entries[relative(root, path).split(sep).join('/')] = [readFileSync(path), { mtime: FIXED_DATE }];
    }
  };
  walk(root);
  return zipSync(entries, { level: 6, mtime: FIXED_DATE });
}
