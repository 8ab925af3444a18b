import { Module } from '@nestjs/common';

import { RuntimeModule } from '../runs/runtime.module.ts';
import { RegistryChecks } from './sync/registry-checks.ts';
import { RegistryReader } from './sync/registry-reader.ts';
import { RegistryRecords } from './sync/registry-records.ts';
import { RegistrySchedule } from './sync/registry-schedule.ts';
import { RegistryTurns } from './sync/registry-turns.ts';
import { RegistryWebhook } from './webhook/registry-webhook.ts';
import { RegistryContent } from './writes/registry-content.ts';
import { RegistryCopy } from './writes/registry-copy.ts';
import { RegistryWriter } from './writes/registry-writer.ts';
import { RegistryController } from './registry.controller.ts';
import { RegistryService } from './registry.service.ts';

import { WorkingCopy } from './working/working-copy.ts';
import { WorkingWatch } from './working/working-watch.ts';

@Module({
  imports: [RuntimeModule],
  controllers: [RegistryController],
  providers: [
    RegistryChecks,
    RegistryReader,
    RegistryRecords,
    RegistryTurns,
    RegistryService,
    RegistrySchedule,
    RegistryWebhook,
    WorkingCopy,
    WorkingWatch,
    RegistryCopy,
    RegistryContent,
    RegistryWriter,
  ],
  exports: [RegistryService, RegistryContent, RegistryCopy, RegistryWriter],
})
export class RegistryModule {}
