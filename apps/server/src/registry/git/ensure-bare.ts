import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { initBare } from './git-mirror.ts';

/** There is a bare repository, maybe an empty one. Made aside and moved into place: several servers may want it at once. */
export async function ensureBare(gitDir: string): Promise<void> {
  if (existsSync(join(gitDir, 'HEAD'))) return;
  const aside = `${gitDir}-${randomUUID()}`;
  await initBare(aside);
  try {
    await rename(aside, gitDir);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    if (!existsSync(join(gitDir, 'HEAD'))) throw error;
  }
}
