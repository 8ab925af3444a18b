import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ROOT } from '../../support/root.ts';
import { startServer } from '../../support/server-process.ts';
import type { ServerProcess } from '../../support/server-process.ts';

import { MANIFEST, makeGitRegistry } from './git-registry.ts';

/** A data directory of a test, and the servers that ran on it. */
export interface Installation {
  readonly dataDir: string;
  /** Starts a server on it; the one before must have ended. */
  start(env?: Record<string, string>): Promise<ServerProcess>;
  /** Kills what still runs and removes everything. */
  remove(): Promise<void>;
}

/** A fresh data directory. The embedded database in it was made once by a real first start and is copied: that takes seconds less. */
export async function install(
  settings: Record<string, string> = {},
  start: (dataDir: string, env: Record<string, string>) => Promise<ServerProcess> = startServer,
): Promise<Installation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'stagewright-e2e-'));
  await cp(join(await preparedData(), 'db'), join(dataDir, 'db'), { recursive: true });
  const servers: ServerProcess[] = [];
  return {
    dataDir,
    start: async (env = {}) => {
      const server = await start(dataDir, { REGISTRY_SYNC_SECONDS: '0', ...settings, ...env });
      servers.push(server);
      return server;
    },
    remove: async () => {
      await Promise.all(servers.map((server) => server.kill()));
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function preparedData(): Promise<string> {
  const folder = join(ROOT, 'node_modules/.cache/stagewright', `empty-start-${schemaKey()}`);
  if (existsSync(folder)) return folder;
  await mkdir(join(folder, '..'), { recursive: true });
  const made = `${folder}.${process.pid}.${randomBytes(4).toString('hex')}`;
  // No template yet: what a suite's own registry serves is then all there is.
  const registry = makeGitRegistry({ 'stagewright.yaml': MANIFEST });
  registry.publish('Nothing yet');
  const server = await startServer(made, { REGISTRY_URL: registry.url });
  if ((await server.stop()) !== 0) throw new Error(`The first start did not end well:\n${server.output()}`);
  registry.remove();
  // Another worker may have been faster; both made the same.
  await rename(made, folder).catch(() => rm(made, { recursive: true, force: true }));
  return folder;
}

/** Changes whenever a first start would make another database. */
function schemaKey(): string {
  const migrations = join(ROOT, 'apps/server/src/database/migrations');
  const hash = createHash('sha256').update(
    readFileSync(join(ROOT, 'node_modules/@electric-sql/pglite/package.json')),
  );
  for (const name of readdirSync(migrations).sort()) hash.update(readFileSync(join(migrations, name)));
  return hash.digest('hex').slice(0, 16);
}
