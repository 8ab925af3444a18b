import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { furnish } from './database/open-database.ts';
import { makeCluster, starterPath } from './database/starter-cluster.ts';

/** Part of the build: makes the database that embedded ones are copies of, unless this release's is there already. */
if (!existsSync(starterPath())) {
  const folder = await mkdtemp(join(tmpdir(), 'stagewright-starter-'));
  try {
    await makeCluster(join(folder, 'db'), furnish);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
