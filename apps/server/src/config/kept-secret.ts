import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { dataDirUnusable } from './config.errors.ts';

const OWNER_ONLY = 0o600;

/**
 * A random secret that is made on first use and kept in the data directory, readable by its owner alone (0600).
 * Two processes that start at once agree: the file is created exclusively and the loser reads the winner's.
 */
export function keptSecret(dataDir: string, name: string): string {
  const path = join(dataDir, name);
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: OWNER_ONLY });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw dataDirUnusable(dataDir, error);
  }
  return readKept(dataDir, path);
}

function readKept(dataDir: string, path: string): string {
  try {
    // A copy or a restore may have widened the mode.
    chmodSync(path, OWNER_ONLY);
    const secret = readFileSync(path, 'utf8').trim();
    if (secret.length >= 32) return secret;
  } catch (error) {
    throw dataDirUnusable(dataDir, error);
  }
  throw dataDirUnusable(dataDir, new Error(`${path} holds no secret; remove the file and a new one is made`));
}
