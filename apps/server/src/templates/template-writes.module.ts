import { Module } from '@nestjs/common';

import { RegistryModule } from '../registry/index.ts';
import { RunsModule } from '../runs/runs.module.ts';
import { TemplateWritesController } from './template-writes.controller.ts';
import { TemplateWritesService } from './template-writes.service.ts';

/** Beside the templates that are read: a worker has no registry to write to. */
@Module({
  imports: [RegistryModule, RunsModule],
  controllers: [TemplateWritesController],
  providers: [TemplateWritesService],
})
export class TemplateWritesModule {}
