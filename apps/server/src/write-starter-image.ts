import { existsSync } from 'node:fs';

import { PGlite } from '@electric-sql/pglite';

import { openPglite } from './database/open-database.ts';
import { keepStarterImage, starterImagePath } from './database/starter-image.ts';

/** Part of the build: makes the image that embedded databases start from, unless this release's is there already. */
if (!existsSync(starterImagePath())) {
  const pglite = await PGlite.create();
  const open = await openPglite(pglite);
  await keepStarterImage(pglite);
  await open.close();
}
