import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startServer } from '../../support/server-process.ts';
import type { ServerProcess } from '../../support/server-process.ts';

/** A data directory of a test, and the servers that ran on it. */
export interface Installation {
  readonly dataDir: string;
  /** Starts a server on it; the one before must have ended. */
  start(env?: Record<string, string>): Promise<ServerProcess>;
  /** Kills what still runs and removes everything. */
  remove(): Promise<void>;
}

/** A fresh data directory. `start` starts what answers at one address. */
export async function install(
  settings: Record<string, string> = {},
  start: (dataDir: string, env: Record<string, string>) => Promise<ServerProcess> = startServer,
): Promise<Installation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'stagewright-e2e-'));
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
