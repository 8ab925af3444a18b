import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiOperation,
  ApiProduces,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { CurrentPrincipal } from '../auth/principal.ts';
import type { Principal } from '../auth/principal.ts';
import { ArtifactsService } from './artifacts.service.ts';
import { artifactId, artifactRefResponse, artifactResponse, uploadQuery } from './dto/artifacts.dto.ts';
import type { UploadQuery } from './dto/artifacts.dto.ts';

@ApiTags('artifacts')
@ApiBearerAuth()
@Controller('artifacts')
export class ArtifactsController {
  constructor(private readonly artifacts: ArtifactsService) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({
    summary: 'Upload a file, as a form or as bare bytes with ?name=; at most 100 MiB',
    description:
      'Takes no Idempotency-Key: bytes are kept once by their digest, so sending them again adds a second id for the same bytes and nothing else.',
  })
  @ApiConsumes('multipart/form-data', 'application/octet-stream')
  @ApiBody({ schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } })
  @ApiResponse({ status: 201, standardSchema: artifactRefResponse })
  upload(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: uploadQuery }) query: UploadQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.artifacts.upload(principal, { request, query, reply });
  }

  @Get(':id')
  @ApiOperation({ summary: 'What is known of an artifact' })
  @ApiResponse({ status: 200, standardSchema: artifactResponse })
  get(@CurrentPrincipal() principal: Principal, @Param('id', { schema: artifactId }) id: string) {
    return this.artifacts.get(principal, id);
  }

  @Get(':id/content')
  @ApiOperation({ summary: 'The bytes of an artifact, as a download' })
  @ApiProduces('application/octet-stream')
  @ApiResponse({ status: 200, schema: { type: 'string', format: 'binary' } })
  async download(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: artifactId }) id: string,
    @Res() reply: FastifyReply,
  ) {
    await this.artifacts.download(principal, id, reply);
  }
}
