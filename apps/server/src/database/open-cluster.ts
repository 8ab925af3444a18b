import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { PGlite } from '@electric-sql/pglite';
import { Logger } from '@nestjs/common';

import { bootCluster } from './boot-cluster.ts';
import { makeCluster, starterPath } from './starter-cluster.ts';
import type { Furnish } from './starter-cluster.ts';

/** The embedded database of a data directory that this process holds; the first time, a new one, migrated. */
export async function openCluster(
  dataDir: string,
  furnish: Furnish,
  starter = starterPath(),
): Promise<PGlite> {
  const folder = join(dataDir, 'db');
  if (existsSync(folder)) return bootCluster(folder);
  try {
    return await openNew(folder, furnish, starter);
  } catch (error) {
    // A starter that cannot be opened shows here: nothing but what came from it is lost.
    new Logger('database').warn(`The starter database ${starter} is of no use: ${String(error)}`);
    await rm(starter, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
    return await openNew(folder, furnish, starter);
  }
}

/** Made aside and renamed when it is whole: a process that dies over it leaves nothing that looks like a database. */
async function openNew(folder: string, furnish: Furnish, starter: string): Promise<PGlite> {
  const aside = `${folder}.unfinished`;
  await makeCluster(aside, furnish, starter);
  await rename(aside, folder);
  return await bootCluster(folder);
}
