import { Module } from '@nestjs/common';
import type { Ids } from '@stagewright/engine';

import { SETTINGS } from '../config/index.ts';
import type { Settings } from '../config/index.ts';
import { Database } from '../database/database.ts';
import { IDS, WORKERS } from '../runs/engine.tokens.ts';
import { RuntimeModule } from '../runs/runtime.module.ts';
import { WorkerLease } from './worker-lease.ts';

async function openLease(database: Database, settings: Settings, ids: Ids): Promise<WorkerLease> {
  const leaseMs = settings.databaseUrl === null ? null : settings.workerLeaseMs;
  const lease = new WorkerLease(database, { id: ids.next(), leaseMs });
  await lease.open();
  return lease;
}

/** Which processes carry out work on this database. Whoever ends the engine closes the lease. */
@Module({
  imports: [RuntimeModule],
  providers: [{ provide: WORKERS, useFactory: openLease, inject: [Database, SETTINGS, IDS] }],
  exports: [WORKERS],
})
export class WorkersModule {}
