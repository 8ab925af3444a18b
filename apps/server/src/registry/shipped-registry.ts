import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { initBare } from './git-mirror.ts';
import { readGit } from './git-objects.ts';
import type { RegistrySource } from './registry-url.ts';
import { fastImport, quoted } from './fast-import.ts';
import { mergeRelease } from './merge-release.ts';
import { shippedRegistryMissing, unreachable } from './registry.errors.ts';

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
/** What this release ships, and the release that `main` is on top of. */
const SHIPPED = 'refs/shipped/present';
const BASE = 'refs/shipped/base';
const MAIN = 'refs/heads/main';

/** Two that seed one repository at once would be in each other's way. Each data directory has one process. */
const underWay = new Map<string, Promise<unknown>>();

/**
 * Writes a folder into a bare repository as one commit, so that a copy without `.git` is a registry like any other.
 * The commit has no parent and a fixed author and date: the same content is the same commit id on every machine. `main` is that commit
 * until something is committed on top of it; from then on another release is merged in.
 */
export async function seedRegistry(folder: string, gitDir: string): Promise<RegistrySource> {
  const before = underWay.get(gitDir) ?? Promise.resolve();
  const mine = before.then(() => seed(folder, gitDir));
  const settled = mine.catch(() => undefined);
  underWay.set(gitDir, settled);
  await mine.finally(() => underWay.get(gitDir) === settled && underWay.delete(gitDir));
  return { url: gitDir, protocol: 'file', sshKey: null };
}

async function seed(folder: string, gitDir: string): Promise<void> {
  if (!existsSync(join(gitDir, 'HEAD'))) await initBare(gitDir);
  await fastImport(gitDir, await importStream(folder));
  const shipped = await commitAt(gitDir, SHIPPED);
  const main = await commitAt(gitDir, MAIN);
  // A repository of before there were bases has nothing on top of what was shipped.
  const base = (await commitAt(gitDir, BASE)) ?? main;
  if (shipped === null)
    throw unreachable('the registry that ships could not be written to the data directory.');
  if (shipped !== base || main === null) {
    const next =
      main === null || base === null || main === base
        ? shipped
        : await mergeRelease(gitDir, { main, base, shipped });
    await readGit(gitDir, ['update-ref', MAIN, next, main ?? NOTHING], { maxBytes: 4_096 });
  }
  await readGit(gitDir, ['update-ref', BASE, shipped], { maxBytes: 4_096 });
}

const NOTHING = '0'.repeat(40);

async function commitAt(gitDir: string, ref: string): Promise<string | null> {
  const listed = await readGit(gitDir, ['for-each-ref', '--format=%(objectname)', ref], { maxBytes: 4_096 });
  return listed.toString('latin1').trim() || null;
}

async function importStream(folder: string): Promise<Buffer> {
  const paths = await plainFiles(folder);
  const files = await Promise.all(
    paths.map(async (path) => [path, await readFile(join(folder, path))] as const),
  );
  const head = Buffer.from(
    `commit ${SHIPPED}\ncommitter ${WHO}\ndata ${Buffer.byteLength(MESSAGE)}\n${MESSAGE}deleteall\n`,
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
