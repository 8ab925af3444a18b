import { Body, Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import type { RawBodyRequest } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import { Public } from '../auth/index.ts';
import { RegistryWebhook } from './webhook/registry-webhook.ts';
import { RegistryService } from './registry.service.ts';
import { pushSchema, registryViewSchema, webhookAnswerSchema } from './registry.view.ts';
import type { Push, RegistryView, WebhookAnswer } from './registry.view.ts';

@ApiTags('registry')
@Controller('registry')
export class RegistryController {
  constructor(
    private readonly registry: RegistryService,
    private readonly webhook: RegistryWebhook,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Where the registry stands: commit, what serves, what is broken' })
  @ApiOkResponse({ standardSchema: registryViewSchema })
  show(): Promise<RegistryView> {
    return this.registry.view();
  }

  @Post('sync')
  @HttpCode(200)
  @ApiOperation({ summary: 'Reads the registry now' })
  @ApiOkResponse({ standardSchema: registryViewSchema })
  sync(): Promise<RegistryView> {
    return this.registry.sync();
  }

  @Public()
  @Post('webhook')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Where the Git host says that somebody pushed; signed with REGISTRY_WEBHOOK_SECRET',
  })
  @ApiAcceptedResponse({ standardSchema: webhookAnswerSchema })
  receive(
    @Req() { headers, rawBody }: RawBodyRequest<FastifyRequest>,
    @Body({ schema: pushSchema }) { ref }: Push,
  ): WebhookAnswer {
    return this.webhook.receive({ headers, rawBody, ref });
  }
}
