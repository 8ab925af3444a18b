import { Injectable } from '@nestjs/common';
import type { ArtifactId, ArtifactRef } from '@stagewright/engine';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Principal } from '../auth/principal.ts';
import { contentHeaders } from './content-headers.ts';
import type { UploadQuery } from './dto/artifacts.dto.ts';
import { incomingUpload } from './incoming-upload.ts';
import type { StoredArtifact } from './sql/find-artifacts.ts';
import { StoredArtifacts } from './stored-artifacts.ts';

/** What people do with artifacts: upload, look at, download; each within their workspace. */
@Injectable()
export class ArtifactsService {
  constructor(private readonly artifacts: StoredArtifacts) {}

  async upload(
    { workspace, actor }: Principal,
    request: FastifyRequest,
    query: UploadQuery,
  ): Promise<ArtifactRef> {
    const file = await incomingUpload(request, query);
    return this.artifacts.receive(file, {
      workspace,
      run: null,
      metadata: { uploadedBy: { kind: actor.kind, id: actor.id } },
    });
  }

  get({ workspace }: Principal, id: ArtifactId): Promise<StoredArtifact> {
    return this.artifacts.find(workspace, id);
  }

  async download({ workspace }: Principal, id: ArtifactId, reply: FastifyReply): Promise<FastifyReply> {
    const artifact = await this.artifacts.find(workspace, id);
    const content = await this.artifacts.stream(artifact);
    return reply.headers(contentHeaders(artifact)).send(content);
  }
}
