import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import type { Finding } from '@stagewright/engine';

import type { RegistryLimits } from '../git/registry-limits.ts';
import { refusedEntry } from '../git/registry-tree.ts';
import type { RegistryTree } from '../git/registry-tree.ts';
import { tooBig } from '../registry.errors.ts';

const SKIPPED = new Set(['.git', 'node_modules']);

/** Reads the plain files of a folder as they are now; links are refused and never followed. Throws `REGISTRY_TOO_BIG`. */
export async function readWorkingFolder(root: string, limits: RegistryLimits): Promise<RegistryTree> {
  const tree: RegistryTree = { files: new Map(), findings: [] };
  let bytes = 0;
  for await (const { path, isFile } of entriesOf(root)) {
    const registryPath = relative(root, path).split(sep).join('/');
    const content = isFile ? await readPlainFile(path) : null;
    if (content === null) {
      tree.findings.push(refused(registryPath));
      continue;
    }
    if (content === 'gone') continue;
    bytes += content.byteLength;
    tree.files.set(registryPath, content);
    if (tree.files.size > limits.files) throw tooBig(`it has more than ${limits.files} files`);
    if (bytes > limits.bytes) throw tooBig(`its files have more than ${limits.bytes} bytes`);
  }
  return tree;
}

async function* entriesOf(folder: string): AsyncGenerator<{ path: string; isFile: boolean }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* entriesOf(path);
    else yield { path, isFile: entry.isFile() };
  }
}

/** Null for what has become something else since it was listed; an editor may also replace or remove a file meanwhile. */
async function readPlainFile(path: string): Promise<Uint8Array | 'gone' | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return new Uint8Array(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return 'gone';
    if (code === 'ELOOP') return null;
    throw error;
  }
}

function refused(path: string): Finding {
  return refusedEntry(path, 'A link or a special file');
}
