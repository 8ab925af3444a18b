import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { initBare } from './git-mirror.ts';
import { readGit } from './git-objects.ts';
import type { RegistrySource } from './registry-url.ts';
import { shippedRegistryMissing } from './registry.errors.ts';

/** The `registry` folder that ships with the product, searched upwards from this file. Throws `REGISTRY_NOT_FOUND`. */
export function findShippedRegistry(from = dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'registry');
    if (existsSync(join(candidate, 'stagewright.yaml'))) return candidate;
    if (folder === dirname(folder)) throw shippedRegistryMissing(from);
  }
}

const WHO = 'Stagewright <registry@stagewright.invalid> 1767225600 +0000';
const MESSAGE = 'The registry that ships with Stagewright\n';

/**
 * Writes a folder into a bare repository as one commit, so that a copy without `.git` is a registry like any other.
 * The commit has no parent and a fixed author and date: the same content is the same commit id on every machine.
 */
export async function seedRegistry(folder: string, gitDir: string): Promise<RegistrySource> {
  if (!existsSync(join(gitDir, 'HEAD'))) await initBare(gitDir);
  const input = await importStream(folder);
  await readGit(gitDir, ['fast-import', '--quiet', '--force', '--date-format=raw'], {
    input,
    maxBytes: 65_536,
  });
  return { url: gitDir, protocol: 'file', access: null };
}

async function importStream(folder: string): Promise<Buffer> {
  const paths = await plainFiles(folder);
  const files = await Promise.all(
    paths.map(async (path) => [path, await readFile(join(folder, path))] as const),
  );
  const head = Buffer.from(
    `commit refs/heads/main\ncommitter ${WHO}\ndata ${Buffer.byteLength(MESSAGE)}\n${MESSAGE}deleteall\n`,
  );
  const parts = files.flatMap(([path, content]) => [
    Buffer.from(`M 100644 inline ${quoted(path.split(sep).join('/'))}\ndata ${content.length}\n`),
    content,
    Buffer.from('\n'),
  ]);
  return Buffer.concat([head, ...parts, Buffer.from('done\n')]);
}

/** Sorted, so that the stream, and with it the commit, does not depend on the file system. */
async function plainFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  return files.filter((path) => !path.split(sep).includes('.git')).sort();
}

function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
