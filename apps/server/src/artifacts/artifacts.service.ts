import { Injectable } from '@nestjs/common';
import type { ArtifactId, ArtifactRef } from '@stagewright/engine';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Principal } from '../auth/principal.ts';
import { contentHeaders } from './content-headers.ts';
import type { UploadQuery } from './dto/artifacts.dto.ts';
import { incomingUpload } from './incoming-upload.ts';
import type { StoredArtifact } from './sql/find-artifacts.ts';
import { StoredArtifacts } from './stored-artifacts.ts';

export interface UploadRequest {
  request: FastifyRequest;
  query: UploadQuery;
  reply: FastifyReply;
}

/** What people do with artifacts: upload, look at, download; each within their workspace. */
@Injectable()
export class ArtifactsService {
  constructor(private readonly artifacts: StoredArtifacts) {}

  async upload(principal: Principal, { request, query, reply }: UploadRequest): Promise<ArtifactRef> {
    const { workspace, actor } = principal;
    try {
      const file = await incomingUpload(request, query);
      const metadata = { uploadedBy: { kind: actor.kind, id: actor.id } };
      return await this.artifacts.receive(file, { workspace, run: null, metadata });
    } catch (error) {
      // The rest of a refused body is not read: the connection cannot be used again.
      void reply.header('connection', 'close');
      throw error;
    }
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
