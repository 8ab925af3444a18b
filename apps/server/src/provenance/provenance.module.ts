import { Module } from '@nestjs/common';

import { ArtifactsModule } from '../artifacts/artifacts.module.ts';
import { SETTINGS } from '../config/settings.ts';
import type { Settings } from '../config/settings.ts';
import { RunsModule } from '../runs/runs.module.ts';
import { ProvenanceController } from './provenance.controller.ts';
import { ProvenanceService } from './provenance.service.ts';
import { SigningKey } from './signing-key.ts';

/** How the files of runs came to be. */
@Module({
  imports: [ArtifactsModule, RunsModule],
  controllers: [ProvenanceController],
  providers: [
    ProvenanceService,
    {
      provide: SigningKey,
      useFactory: ({ secretKey }: Settings) => new SigningKey(secretKey),
      inject: [SETTINGS],
    },
  ],
})
export class ProvenanceModule {}
