import { Body, Controller, Delete, Headers, Param, Post, Put, Query, Res } from '@nestjs/common';
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
import { addPromptBody, changePromptBody, promptName, removePromptQuery } from './prompts.dto.ts';
import type { AddPromptBody, ChangePromptBody, PromptName, RemovePromptQuery } from './prompts.dto.ts';
import { PromptWritesService } from './prompt-writes.service.ts';

@ApiTags('prompts')
@Controller('prompts')
export class PromptWritesController {
  constructor(private readonly writes: PromptWritesService) {}

  @Post()
  @ApiOperation({ summary: 'Add a shared prompt: checked, then a commit of the registry' })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'The same key with the same body gives the same answer.',
  })
  @ApiCreatedResponse({ standardSchema: changedSchema, description: 'Committed and served' })
  @ApiAcceptedResponse({ standardSchema: changedSchema, description: 'Committed to a branch of its own' })
  async add(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: addPromptBody }) body: AddPromptBody,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedView> {
    return answerChange(reply, await this.writes.add(principal, body, key));
  }

  @Put(':name')
  @ApiOperation({ summary: 'Change a prompt: checked, then a commit of the registry' })
  @ApiOkResponse({ standardSchema: changedSchema, description: 'Committed and served' })
  @ApiAcceptedResponse({ standardSchema: changedSchema, description: 'Committed to a branch of its own' })
  async change(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: promptName }) { name }: PromptName,
    @Body({ schema: changePromptBody }) body: ChangePromptBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedView> {
    return answerChange(reply, await this.writes.change(principal, name, body));
  }

  @Delete(':name')
  @ApiOperation({ summary: 'Remove a prompt that nothing uses; runs that have it keep it' })
  @ApiOkResponse({ standardSchema: changedSchema, description: 'Committed' })
  @ApiAcceptedResponse({ standardSchema: changedSchema, description: 'Committed to a branch of its own' })
  async remove(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: promptName }) { name }: PromptName,
    @Query({ schema: removePromptQuery }) query: RemovePromptQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangedView> {
    return answerChange(reply, await this.writes.remove(principal, name, query));
  }
}
