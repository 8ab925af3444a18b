import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TestingModule } from '@nestjs/testing';
import type { Engine, RunId, RunState } from '@stagewright/engine';

import { AppModule } from '../../apps/server/dist/app.module.js';
import { ApprovalsService } from '../../apps/server/dist/approvals/approvals.service.js';
import { LOCAL_OWNER } from '../../apps/server/dist/auth/principal.js';
import { Database } from '../../apps/server/dist/database/database.js';
import { queuePrefix } from '../../apps/server/dist/queue/queue.module.js';
import { ENGINE } from '../../apps/server/dist/runs/engine.tokens.js';
import { RunVerbsService } from '../../apps/server/dist/runs/run-verbs.service.js';
import { RunsService } from '../../apps/server/dist/runs/runs.service.js';
import { makeGitRegistry } from '../e2e/support/git-registry.ts';
import { startFarWorker } from './far-worker.ts';
import type { FarWorker } from './far-worker.ts';
import { measuresHere, sumOf } from './measures.ts';
import type { Measures } from './measures.ts';
import { openModule } from './modules.ts';
import { postgresServer } from '../support/postgres-server.ts';
import { REDIS_URL, removeKeys } from './redis-server.ts';
import type { Deployment } from './row.ts';
import { BENCH_REGISTRY } from './templates.ts';

/** The server's own modules in this process, with the bench's templates; for `bull` a worker process beside it. */
export interface Stand {
  readonly deployment: Deployment;
  readonly runs: RunsService;
  readonly verbs: RunVerbsService;
  readonly approvals: ApprovalsService;
  readonly engine: Engine;
  readonly database: Database;
  /** Null for the embedded database. */
  readonly databaseUrl: string | null;
  readonly owner: typeof LOCAL_OWNER;
  /** Hears of runs that come to a state, whichever process brought them there. Returns how to stop. */
  onEntry(listener: (entry: { run: RunId; state: RunState }) => void): () => void;
  /** Over all its processes. */
  measures(options?: { settled?: boolean }): Promise<Measures>;
  close(): Promise<void>;
}

/** Opens it on a database of its own, which goes with it. */
export async function openStand(deployment: Deployment): Promise<Stand> {
  const dataDir = await mkdtemp(join(tmpdir(), 'stagewright-bench-'));
  const registry = makeGitRegistry(BENCH_REGISTRY);
  registry.publish('Templates of the bench');
  const own = deployment === 'pglite' ? null : await postgresServer().makeDatabase();
  const databaseUrl = own?.url ?? null;
  const environment = {
    ...environmentOf(deployment, dataDir, databaseUrl),
    REGISTRY_URL: registry.url,
    REGISTRY_SYNC_SECONDS: '0',
  };
  const place = { cwd: dataDir, environment };
  const works = deployment !== 'bull';
  const module = await openModule((settings) => AppModule.with(settings, { works }), place);
  const worker = works ? null : await startFarWorker(place);
  return {
    deployment,
    databaseUrl,
    ...servicesOf(module),
    ...processesOf(module.get<Engine>(ENGINE, { strict: false }), worker),
    close: async () => {
      await worker?.close();
      await module.close();
      if (worker !== null) await removeKeys(queuePrefix(databaseUrl));
      await own?.drop();
      registry.remove();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Settings of a process of the deployment on this data directory and database. */
export function environmentOf(
  deployment: Deployment,
  dataDir: string,
  databaseUrl: string | null,
): Record<string, string> {
  const own = { DATA_DIR: dataDir, LOG_LEVEL: 'error', PORT: '0' };
  if (databaseUrl === null) return own;
  const shared = { DATABASE_URL: databaseUrl, SECRET_KEY: randomBytes(32).toString('base64url') };
  return { ...own, ...shared, ...(deployment === 'bull' && { REDIS_URL }) };
}

function servicesOf(module: TestingModule) {
  return {
    runs: module.get(RunsService, { strict: false }),
    verbs: module.get(RunVerbsService, { strict: false }),
    approvals: module.get(ApprovalsService, { strict: false }),
    engine: module.get<Engine>(ENGINE, { strict: false }),
    database: module.get(Database, { strict: false }),
    owner: LOCAL_OWNER,
  };
}

function processesOf(engine: Engine, worker: FarWorker | null): Pick<Stand, 'onEntry' | 'measures'> {
  return {
    onEntry: (listener) => {
      const stops = [engine.onEntry(listener), worker?.onEntry(listener)];
      return () => stops.forEach((stop) => stop?.());
    },
    measures: async ({ settled = false } = {}) => {
      const here = await measuresHere(engine, { settled });
      return worker === null ? here : sumOf(here, await worker.measures({ settled }));
    },
  };
}
