import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Test } from '@nestjs/testing';
import { createActionRegistry } from '@stagewright/engine';
import type { Engine } from '@stagewright/engine';

import { AppModule } from '../../apps/server/dist/app.module.js';
import { LOCAL_OWNER } from '../../apps/server/dist/auth/principal.js';
import { PLUGINS } from '../../apps/server/dist/composition/plugins.js';
import { loadSettings } from '../../apps/server/dist/config/load-settings.js';
import { Database } from '../../apps/server/dist/database/database.js';
import { ACTION_REGISTRY, ENGINE } from '../../apps/server/dist/runs/engine.tokens.js';
import { RunVerbsService } from '../../apps/server/dist/runs/run-verbs.service.js';
import { RunsService } from '../../apps/server/dist/runs/runs.service.js';
import { makeGitRegistry } from '../e2e/support/git-registry.ts';
import { postgresServer } from '../support/postgres-server.ts';
import type { Deployment } from './row.ts';
import { BENCH_REGISTRY, benchPlugin } from './templates.ts';

/** The server's own modules in this process, with the bench's templates and its one action beside the real plugins. */
export interface Stand {
  readonly deployment: Deployment;
  readonly runs: RunsService;
  readonly verbs: RunVerbsService;
  readonly engine: Engine;
  readonly database: Database;
  /** Null for the embedded database. */
  readonly databaseUrl: string | null;
  readonly owner: typeof LOCAL_OWNER;
  close(): Promise<void>;
}

/** Opens it on a database of its own, which goes with it. */
export async function openStand(deployment: Deployment): Promise<Stand> {
  const dataDir = await mkdtemp(join(tmpdir(), 'stagewright-bench-'));
  const registry = makeGitRegistry(BENCH_REGISTRY);
  registry.publish('Templates of the bench');
  const own = deployment === 'postgres' ? await postgresServer().makeDatabase() : null;
  const settings = loadSettings({
    cwd: dataDir,
    environment: {
      ...environment(dataDir, own?.url),
      REGISTRY_URL: registry.url,
      REGISTRY_SYNC_SECONDS: '0',
    },
  });
  const actions = createActionRegistry([...PLUGINS, benchPlugin], { readAsset: (url) => readFile(url) });
  const module = await Test.createTestingModule({ imports: [AppModule.with(settings)] })
    .overrideProvider(ACTION_REGISTRY)
    .useValue(actions)
    .setLogger(false as never)
    .compile();
  await module.init();
  return {
    deployment,
    runs: module.get(RunsService, { strict: false }),
    verbs: module.get(RunVerbsService, { strict: false }),
    engine: module.get<Engine>(ENGINE, { strict: false }),
    database: module.get(Database, { strict: false }),
    databaseUrl: own?.url ?? null,
    owner: LOCAL_OWNER,
    close: async () => {
      await module.close();
      await own?.drop();
      registry.remove();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Settings of a server on this data directory and database. */
export function environment(dataDir: string, databaseUrl: string | undefined): Record<string, string> {
  return {
    DATA_DIR: dataDir,
    LOG_LEVEL: 'error',
    PORT: '0',
    ...(databaseUrl === undefined
      ? {}
      : { DATABASE_URL: databaseUrl, SECRET_KEY: randomBytes(32).toString('base64url') }),
  };
}
