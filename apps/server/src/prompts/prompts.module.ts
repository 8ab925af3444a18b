import { Module } from '@nestjs/common';

import { RegistryModule } from '../registry/index.ts';
import { RunsModule } from '../runs/runs.module.ts';
import { PromptWritesController } from './prompt-writes.controller.ts';
import { PromptWritesService } from './prompt-writes.service.ts';
import { PromptsController } from './prompts.controller.ts';
import { PromptsService } from './prompts.service.ts';

@Module({
  imports: [RegistryModule, RunsModule],
  controllers: [PromptsController, PromptWritesController],
  providers: [PromptsService, PromptWritesService],
})
export class PromptsModule {}
