import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { RegistrySource } from './registry-url.ts';
import { askGit } from '../git/ask-git.ts';
import { ensureBare } from '../git/ensure-bare.ts';
import { fastImport, quoted } from '../git/fast-import.ts';
import { mergeRelease } from './merge-release.ts';
import { shippedRegistryMissing } from '../registry.errors.ts';

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
/** The release that `main` is on top of. */
const BASE = 'refs/shipped/base';
const MAIN = 'refs/heads/main';
const NOTHING = '0'.repeat(40);
const MOST_TRIES = 5;

/**
 * Writes a folder into a bare repository as one commit, so that a copy without `.git` is a registry like any other.
 * The commit has no parent and a fixed author and date: the same content is the same commit id on every machine. `main` is that commit
 * until something is committed on top of it; from then on another release is merged in.
 */
export async function seedRegistry(folder: string, gitDir: string): Promise<RegistrySource> {
  await ensureBare(gitDir);
  const shipped = await importFolder(folder, gitDir);
  for (let tries = 1; ; tries += 1) {
    try {
      await moveMain(gitDir, shipped);
      return { url: gitDir, protocol: 'file', access: null };
    } catch (error) {
      // Another server starts on the same data directory, or somebody writes to the registry: look again.
      if (tries === MOST_TRIES) throw error;
      await pause(50 * tries);
    }
  }
}

/** Brings `main` to a release; changes nothing when it is there, or when `main` moves meanwhile. */
async function moveMain(gitDir: string, shipped: string): Promise<void> {
  const main = await commitAt(gitDir, MAIN);
  // A repository of before there were bases has nothing on top of what was shipped.
  const base = (await commitAt(gitDir, BASE)) ?? main;
  if (main === null || base === null || main === base) {
    if (main !== shipped) await moveRef(gitDir, MAIN, { to: shipped, from: main });
  } else if (base !== shipped) {
    await moveRef(gitDir, MAIN, { to: await mergeRelease(gitDir, { main, base, shipped }), from: main });
  }
  if ((await commitAt(gitDir, BASE)) !== shipped) await askGit(gitDir, 'update-ref', BASE, shipped);
}

async function moveRef(
  gitDir: string,
  ref: string,
  { to, from }: { to: string; from: string | null },
): Promise<void> {
  await askGit(gitDir, 'update-ref', ref, to, from ?? NOTHING);
}

async function commitAt(gitDir: string, ref: string): Promise<string | null> {
  return (await askGit(gitDir, 'for-each-ref', '--format=%(objectname)', ref)) || null;
}

async function importFolder(folder: string, gitDir: string): Promise<string> {
  const ref = `refs/writes/${randomUUID()}`;
  const commit = await fastImport(gitDir, await importStream(folder, ref));
  await askGit(gitDir, 'update-ref', '-d', ref);
  return commit;
}

async function importStream(folder: string, ref: string): Promise<Buffer> {
  const paths = await plainFiles(folder);
  const files = await Promise.all(
    paths.map(async (path) => [path, await readFile(join(folder, path))] as const),
  );
  const head = Buffer.from(
    `commit ${ref}\nmark :1\ncommitter ${WHO}\ndata ${Buffer.byteLength(MESSAGE)}\n${MESSAGE}deleteall\n`,
  );
  const parts = files.flatMap(([path, content]) => [
    Buffer.from(`M 100644 inline ${quoted(path.split(sep).join('/'))}\ndata ${content.length}\n`),
    content,
    Buffer.from('\n'),
  ]);
  return Buffer.concat([head, ...parts, Buffer.from('get-mark :1\ndone\n')]);
}

/** Sorted, so that the stream, and with it the commit, does not depend on the file system. */
async function plainFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  return files.filter((path) => !path.split(sep).includes('.git')).sort();
}
