import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

import type { PGlite } from '@electric-sql/pglite';
import { Logger } from '@nestjs/common';

import { migrations } from './migrations/index.ts';

const gzipped = promisify(gzip);
const gunzipped = promisify(gunzip);

/**
 * An empty, migrated embedded database as one compressed file. Making a cluster takes seconds, unpacking one a
 * fraction; so the first that is made in an installation is kept beside the code for all later ones.
 */
const FOLDER = join(import.meta.dirname, '../../.cache');

/**
 * Where the image of this release lies. The name holds a digest of the database's version and of every migration:
 * another release, or a migration under work, never finds an image that is not its own.
 */
export function starterImagePath(folder = FOLDER): string {
  const hash = createHash('sha256').update(databaseVersion());
  for (const { name, class: migration } of migrations) hash.update(`\0${name}\0${migration.toString()}`);
  return join(folder, `starter-${hash.digest('hex').slice(0, 16)}.tar.gz`);
}

/**
 * Undefined when there is none. Throws when it is damaged: it is unpacked here, because the database would let that
 * error go unhandled and end the process.
 */
export async function readStarterImage(path = starterImagePath()): Promise<Blob | undefined> {
  const packed = await readFile(path).catch(() => undefined);
  if (packed === undefined) return undefined;
  return new Blob([new Uint8Array(await gunzipped(packed))], { type: 'application/x-tar' });
}

/**
 * Keeps a database that was just migrated and holds nothing else. An installation that cannot be written to does
 * without: its first starts are slow, and nothing else.
 */
export async function keepStarterImage(pglite: PGlite, path = starterImagePath()): Promise<void> {
  const unfinished = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    const image = await pglite.dumpDataDir('none');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(unfinished, await gzipped(new Uint8Array(await image.arrayBuffer()), { level: 4 }));
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    new Logger('database').debug(`The starter image could not be kept at ${path}: ${String(error)}`);
  }
}

function databaseVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  return readFileSync(join(dirname(entry), '../package.json'), 'utf8');
}
