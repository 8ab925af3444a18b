import { Module } from '@nestjs/common';

import { RuntimeModule } from '../runs/runtime.module.ts';
import { RegistryReader } from './registry-reader.ts';
import { RegistryRecords } from './registry-records.ts';
import { RegistrySchedule } from './registry-schedule.ts';
import { RegistryContent } from './registry-content.ts';
import { RegistryCopy } from './registry-copy.ts';
import { RegistryWriter } from './registry-writer.ts';
import { RegistryController } from './registry.controller.ts';
import { RegistryService } from './registry.service.ts';

@Module({
  imports: [RuntimeModule],
  controllers: [RegistryController],
  providers: [
    RegistryReader,
    RegistryRecords,
    RegistryService,
    RegistrySchedule,
    RegistryCopy,
    RegistryContent,
    RegistryWriter,
  ],
  exports: [RegistryService, RegistryContent, RegistryCopy, RegistryWriter],
})
export class RegistryModule {}
