import { Module } from '@nestjs/common';

import { RuntimeModule } from '../runs/runtime.module.ts';
import { RegistryChecks } from './registry-checks.ts';
import { RegistryReader } from './registry-reader.ts';
import { RegistryRecords } from './registry-records.ts';
import { RegistrySchedule } from './registry-schedule.ts';
import { RegistryTurns } from './registry-turns.ts';
import { RegistryWebhook } from './registry-webhook.ts';
import { RegistryContent } from './registry-content.ts';
import { RegistryCopy } from './registry-copy.ts';
import { RegistryWriter } from './registry-writer.ts';
import { RegistryController } from './registry.controller.ts';
import { RegistryService } from './registry.service.ts';

import { WorkingCopy } from './working-copy.ts';
import { WorkingWatch } from './working-watch.ts';

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
