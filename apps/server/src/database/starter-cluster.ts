import { createHash, randomBytes } from 'node:crypto';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import type { PGlite } from '@electric-sql/pglite';
import { Logger } from '@nestjs/common';

import { bootCluster } from './boot-cluster.ts';
import { migrations } from './migrations/index.ts';

/**
 * An empty, migrated embedded database in a folder, to be copied. Making a cluster takes seconds, copying one a moment;
 * so the first that is made in an installation is kept beside the code for all later ones.
 */
const FOLDER = join(import.meta.dirname, '../../.cache');

/** Brings a new database to this release's schema, and closes it. */
export type Furnish = (pglite: PGlite) => Promise<void>;

/**
 * Where the starter of this release lies. The name holds a digest of the database's version and of every migration:
 * another release, or a migration under work, never finds a starter that is not its own.
 */
export function starterPath(folder = FOLDER): string {
  const hash = createHash('sha256').update(databaseVersion());
  for (const { name, class: migration } of migrations) hash.update(`\0${name}\0${migration.toString()}`);
  return join(folder, `starter-${hash.digest('hex').slice(0, 16)}`);
}

/** Puts an empty, migrated database into a folder that is not there yet: a copy of the starter, which is made when it is missing. */
export async function makeCluster(folder: string, furnish: Furnish, starter = starterPath()): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  if (existsSync(starter)) {
    copy(starter, folder);
    return;
  }
  const pglite = await bootCluster(folder);
  await dropTemplates(pglite);
  await furnish(pglite);
  await keep(folder, starter);
}

/** No second database is ever made in an embedded cluster: without its two templates it is a third of the files to copy. */
async function dropTemplates(pglite: PGlite): Promise<void> {
  await pglite.exec('update pg_database set datistemplate = false');
  // One by one: a database is not dropped within a transaction, and several statements at once are one.
  for (const name of ['template0', 'template1']) await pglite.exec(`drop database if exists ${name}`);
}

/** Hundreds of small files: one after the other without a pause is ten times faster than in turns. */
function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
}

/** An installation that cannot be written to does without: its first starts are slow, and nothing else. */
async function keep(folder: string, starter: string): Promise<void> {
  const unfinished = `${starter}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(dirname(starter), { recursive: true });
    copy(folder, unfinished);
    await rename(unfinished, starter);
  } catch (error) {
    // Or another process was faster: then its starter is as good.
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
    new Logger('database').debug(`The starter database could not be kept at ${starter}: ${String(error)}`);
  }
}

function databaseVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  return readFileSync(join(dirname(entry), '../package.json'), 'utf8');
}
