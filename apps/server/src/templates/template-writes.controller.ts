import { Body, Controller, Delete, Get, Headers, Param, Post, Put, Query, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { CurrentPrincipal } from '../auth/index.ts';
import type { Principal } from '../auth/index.ts';
import { answerChange, changedSchema } from '../registry/index.ts';
import type { ChangedView } from '../registry/index.ts';
import {
  addTemplateBody,
  changeTemplateBody,
  removeQuery,
  templateName,
  templateSourceSchema,
} from './template-writes.dto.ts';
import type {
  AddTemplateBody,
  ChangeTemplateBody,
  RemoveQuery,
  TemplateName,
  TemplateSource,
} from './template-writes.dto.ts';
import { TemplateWritesService } from './template-writes.service.ts';

@ApiTags('templates')
@Controller('templates')
export class TemplateWritesController {
  constructor(private readonly writes: TemplateWritesService) {}

  @Post()
  @ApiOperation({ summary: 'Add a template: checked, then a commit of the registry' })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'The same key with the same body gives the same answer.',
  })
  @ApiCreatedResponse({ standardSchema: changedSchema, description: 'Committed and served' })
  @ApiAcceptedResponse({ standardSchema: changedSchema, description: 'Committed to a branch of its own' })
  async add(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: addTemplateBody }) body: AddTemplateBody,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedView> {
    return answerChange(reply, await this.writes.add(principal, body, key));
  }

  @Put(':name')
  @ApiOperation({ summary: 'Change a template: checked, then a commit of the registry' })
  @ApiOkResponse({ standardSchema: changedSchema, description: 'Committed and served' })
  @ApiAcceptedResponse({ standardSchema: changedSchema, description: 'Committed to a branch of its own' })
  async change(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: templateName }) { name }: TemplateName,
    @Body({ schema: changeTemplateBody }) body: ChangeTemplateBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedView> {
    return answerChange(reply, await this.writes.change(principal, name, body));
  }

  @Delete(':name')
  @ApiOperation({ summary: 'Remove a template from the registry; runs that have it keep it' })
  @ApiOkResponse({ standardSchema: changedSchema, description: 'Committed: no new run uses it' })
  @ApiAcceptedResponse({ standardSchema: changedSchema, description: 'Committed to a branch of its own' })
  async remove(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: templateName }) { name }: TemplateName,
    @Query({ schema: removeQuery }) query: RemoveQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedView> {
    return answerChange(reply, await this.writes.remove(principal, name, query));
  }

  @Get(':name/source')
  @ApiOperation({ summary: 'The files of a template as they lie in the registry' })
  @ApiOkResponse({ standardSchema: templateSourceSchema })
  source(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: templateName }) { name }: TemplateName,
  ): Promise<TemplateSource> {
    return this.writes.source(principal, name);
  }
}
