import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { PGlite } from '@electric-sql/pglite';
import { Logger } from '@nestjs/common';

import { readStarterImage, starterImagePath } from './starter-image.ts';

export interface OpenCluster {
  pglite: PGlite;
  /** No image was there: this one was made from nothing and is worth keeping once it is migrated. */
  fromNothing: boolean;
}

/**
 * The embedded database of a data directory that this process holds. The first time it is made aside, under
 * another name, and renamed when it is whole: a process that dies over it leaves nothing that looks like a database.
 */
export async function openCluster(dataDir: string, imagePath = starterImagePath()): Promise<OpenCluster> {
  const folder = join(dataDir, 'db');
  const fromNothing = existsSync(folder) ? false : await makeCluster(folder, imagePath);
  return { pglite: await PGlite.create({ dataDir: folder }), fromNothing };
}

/** True when there was no image to make it from. */
async function makeCluster(folder: string, imagePath: string): Promise<boolean> {
  const aside = `${folder}.unfinished`;
  const fromImage = await unpacked(aside, imagePath);
  if (!fromImage) {
    await rm(aside, { recursive: true, force: true });
    await (await PGlite.create({ dataDir: aside })).close();
  }
  await rename(aside, folder);
  return !fromImage;
}

/** False when there is no image, or one that is of no use; that one is removed. */
async function unpacked(aside: string, imagePath: string): Promise<boolean> {
  try {
    const image = await readStarterImage(imagePath);
    if (image === undefined) return false;
    await rm(aside, { recursive: true, force: true });
    await (await PGlite.create({ dataDir: aside, loadDataDir: image })).close();
    return true;
  } catch (error) {
    new Logger('database').warn(
      `The starter image ${imagePath} is damaged and is made anew: ${String(error)}`,
    );
    await rm(imagePath, { force: true });
    return false;
  }
}
