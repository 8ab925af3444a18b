import { Module } from '@nestjs/common';

import { RegistryModule } from '../registry/index.ts';
import { RunsModule } from '../runs/runs.module.ts';
import { HealthController } from './health.controller.ts';
import { HealthService } from './health.service.ts';

@Module({
  imports: [RegistryModule, RunsModule],
  controllers: [HealthController],
  providers: [HealthService],
})
export class HealthModule {}
