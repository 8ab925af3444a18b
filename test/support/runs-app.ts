import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EntityManager, MikroORM } from '@mikro-orm/core';
import { Global, Module } from '@nestjs/common';
import type { DynamicModule, Type } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { createActionRegistry } from '@stagewright/engine';
import type { Actor, AiRouter, PlanSource } from '@stagewright/engine';
import type { Plugin } from '@stagewright/engine/plugin';

import type { AuthenticatedRequest } from '../../apps/server/src/auth/principal.ts';
import { SETTINGS } from '../../apps/server/src/config/settings.ts';
import { Database } from '../../apps/server/src/database/database.ts';
import type { OpenDatabase } from '../../apps/server/src/database/open-database.ts';
import { QueueModule } from '../../apps/server/src/queue/queue.module.ts';
import { ProblemModule } from '../../apps/server/src/problem/index.ts';
import { ACTION_REGISTRY, AI_ROUTER, PLAN_SOURCE } from '../../apps/server/src/runs/engine.tokens.ts';

/** What a test app is made of besides the features under test. */
export interface RunsAppParts {
  db: OpenDatabase;
  plans: PlanSource;
  ai: AiRouter;
  /** Default: none but those of the engine. */
  plugins?: Plugin[];
  features: Array<Type<unknown>>;
}

export interface RunsApp {
  app: NestFastifyApplication;
  dataDir: string;
  /** Address of the real server; it listens on a free port. */
  url: string;
  close(): Promise<void>;
}

const IN_PROCESS = { redisUrl: null, databaseUrl: null };

/** Headers that say who asks: the test's stand-in for authentication. */
export function as(
  id: string,
  { workspace = 'w', roles = ['approver'] }: { workspace?: string; roles?: string[] } = {},
): Record<string, string> {
  const actor: Actor = { kind: 'user', id, roles };
  return { 'x-test-principal': JSON.stringify({ workspace, actor }) };
}

/** The features on a test database, scripted models and plans, behind the real error filter, listening. */
export async function openRunsApp(parts: RunsAppParts): Promise<RunsApp> {
  const dataDir = await mkdtemp(join(tmpdir(), 'runs-app-'));
  const module = await Test.createTestingModule({
    imports: [
      surroundings(parts, dataDir),
      QueueModule.with(IN_PROCESS),
      ScheduleModule.forRoot(),
      ProblemModule,
      ...parts.features,
    ],
  }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, _reply, done) => {
      const given = request.headers['x-test-principal'];
      if (typeof given === 'string')
        Object.assign(request, { principal: JSON.parse(given) as AuthenticatedRequest['principal'] });
      done();
    });
  app.setGlobalPrefix('api/v1');
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const close = async (): Promise<void> => {
    await app.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { app, dataDir, url: `http://127.0.0.1:${port}/api/v1`, close };
}

function surroundings({ db, plans, ai, plugins = [] }: RunsAppParts, dataDir: string): DynamicModule {
  const actions = createActionRegistry(plugins, {
    readAsset: () => Promise.reject(new Error('There are no assets here.')),
  });
  const providers = [
    {
      provide: SETTINGS,
      useValue: { dataDir, databaseUrl: null, secretKey: 'a secret of tests, and of nothing else' },
    },
    { provide: MikroORM, useValue: db.orm },
    { provide: EntityManager, useValue: db.orm.em },
    { provide: Database, useValue: db.database },
    { provide: PLAN_SOURCE, useValue: plans },
    { provide: AI_ROUTER, useValue: ai },
    { provide: ACTION_REGISTRY, useValue: actions },
  ];
  return { module: Surroundings, providers, exports: providers.map(({ provide }) => provide) };
}

@Global()
@Module({})
class Surroundings {}
