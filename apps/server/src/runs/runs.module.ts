import { Module } from '@nestjs/common';
import { createIsolation } from '@stagewright/engine/isolation';

import { ArtifactsModule } from '../artifacts/artifacts.module.ts';
import { Database } from '../database/database.ts';
import { WorkersModule } from '../workers/workers.module.ts';
import { EngineHost } from './engine-host.ts';
import { engineProvider } from './engine.provider.ts';
import { ENGINE, ISOLATION, RUN_STORE } from './engine.tokens.ts';
import { IdempotentRequests } from './idempotent-requests.ts';
import { RunVerbsController } from './run-verbs.controller.ts';
import { RunVerbsService } from './run-verbs.service.ts';
import { RunsController } from './runs.controller.ts';
import { RunsService } from './runs.service.ts';
import { RuntimeModule } from './runtime.module.ts';
import { SqlRunStore } from './sql-run-store.ts';

/** Runs, and the engine that carries them out in this process. */
@Module({
  imports: [RuntimeModule, WorkersModule, ArtifactsModule],
  controllers: [RunsController, RunVerbsController],
  providers: [
    RunsService,
    RunVerbsService,
    IdempotentRequests,
    EngineHost,
    engineProvider,
    { provide: RUN_STORE, useFactory: (database: Database) => new SqlRunStore(database), inject: [Database] },
    { provide: ISOLATION, useFactory: () => createIsolation() },
  ],
  exports: [ENGINE, ISOLATION, EngineHost, IdempotentRequests, RunsService, RunVerbsService],
})
export class RunsModule {}
