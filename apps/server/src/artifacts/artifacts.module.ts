import { join } from 'node:path';

import { Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Clock, Ids } from '@stagewright/engine';
import type { FastifyInstance } from 'fastify';

import { SETTINGS } from '../config/settings.ts';
import type { Settings } from '../config/settings.ts';
import { Database } from '../database/database.ts';
import { ARTIFACT_STORE, CLOCK, IDS } from '../runs/engine.tokens.ts';
import { RuntimeModule } from '../runs/runtime.module.ts';
import { ArtifactsController } from './artifacts.controller.ts';
import { ArtifactsService } from './artifacts.service.ts';
import { BlobFiles } from './blob-files.ts';
import { StoredArtifacts } from './stored-artifacts.ts';
import { registerUploadParsers } from './upload-parsers.ts';

/** Files that people uploaded and that runs made. */
@Module({
  imports: [RuntimeModule],
  controllers: [ArtifactsController],
  providers: [
    ArtifactsService,
    {
      provide: BlobFiles,
      useFactory: (settings: Settings) => new BlobFiles(join(settings.dataDir, 'artifacts')),
      inject: [SETTINGS],
    },
    {
      provide: StoredArtifacts,
      useFactory: (database: Database, blobs: BlobFiles, clock: Clock, ids: Ids) =>
        new StoredArtifacts({ database, blobs, clock, ids }),
      inject: [Database, BlobFiles, CLOCK, IDS],
    },
    { provide: ARTIFACT_STORE, useExisting: StoredArtifacts },
  ],
  exports: [ARTIFACT_STORE, StoredArtifacts],
})
export class ArtifactsModule implements OnModuleInit {
  constructor(
    private readonly http: HttpAdapterHost,
    private readonly blobs: BlobFiles,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.blobs.sweep(new Date());
    // A worker has no HTTP server.
    const server = this.http.httpAdapter as { getInstance?: () => FastifyInstance } | undefined;
    if (server?.getInstance !== undefined) await registerUploadParsers(server.getInstance());
  }
}
