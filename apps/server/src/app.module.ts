import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { EngineOptions } from '@stagewright/engine';
import { ScheduleModule } from '@nestjs/schedule';
import { LoggerModule } from 'nestjs-pino';

import { ApprovalsModule } from './approvals/approvals.module.ts';
import { ArtifactsModule } from './artifacts/artifacts.module.ts';
import { AuthModule } from './auth/index.ts';
import { CommandsModule } from './commands/index.ts';
import { CompositionModule } from './composition/composition.module.ts';
import { ConfigModule } from './config/index.ts';
import type { Settings } from './config/index.ts';
import { DatabaseModule } from './database/database.module.ts';
import { EgressModule } from './egress/index.ts';
import { EventsModule } from './events/events.module.ts';
import { HealthModule } from './health/index.ts';
import { loggerOptions } from './http/logging.ts';
import { ProblemModule } from './problem/index.ts';
import { PromptsModule } from './prompts/index.ts';
import { ProvenanceModule } from './provenance/provenance.module.ts';
import { QueueModule } from './queue/queue.module.ts';
import { RegistryModule } from './registry/index.ts';
import { RunsModule } from './runs/runs.module.ts';
import { TemplateWritesModule, TemplatesModule } from './templates/index.ts';

@Module({})
export class AppModule {
  static with(settings: Settings, options: EngineOptions = {}): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(settings),
        LoggerModule.forRoot(loggerOptions(settings)),
        ScheduleModule.forRoot(),
        DatabaseModule,
        ProblemModule,
        AuthModule,
        EgressModule,
        CommandsModule,
        CompositionModule,
        QueueModule.with(settings, options),
        TemplatesModule,
        RegistryModule,
        RunsModule,
        TemplateWritesModule,
        PromptsModule,
        ApprovalsModule,
        ArtifactsModule,
        ProvenanceModule,
        EventsModule,
        HealthModule,
      ],
    };
  }
}
