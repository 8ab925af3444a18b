import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { LoggerModule } from 'nestjs-pino';

import { CompositionModule } from './composition/composition.module.ts';
import { ConfigModule } from './config/index.ts';
import type { Settings } from './config/index.ts';
import { DatabaseModule } from './database/database.module.ts';
import { EgressModule } from './egress/index.ts';
import { loggerOptions } from './http/logging.ts';
import { QueueModule } from './queue/queue.module.ts';
import { RunsModule } from './runs/runs.module.ts';
import { TemplatesModule } from './templates/index.ts';

/** What carries out work, without what answers requests and without the registry: plans are in the database. */
@Module({})
export class WorkerModule {
  static with(settings: Settings): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        ConfigModule.with(settings),
        LoggerModule.forRoot(loggerOptions(settings)),
        ScheduleModule.forRoot(),
        DatabaseModule,
        EgressModule,
        CompositionModule,
        QueueModule.with(settings),
        TemplatesModule,
        RunsModule,
      ],
    };
  }
}
