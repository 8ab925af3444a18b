import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';

import { CurrentPrincipal } from '../auth/index.ts';
import type { Principal } from '../auth/index.ts';
import {
  promptDiffSchema,
  promptHistorySchema,
  promptListSchema,
  promptViewSchema,
  renderedSchema,
} from './prompt.view.ts';
import type { PromptDiff, PromptHistory, PromptList, PromptView, RenderedPrompt } from './prompt.view.ts';
import { promptDiffQuery, promptName, promptsPage, renderPromptBody } from './prompts.dto.ts';
import type { PromptDiffQuery, PromptName, PromptsPage, RenderPromptBody } from './prompts.dto.ts';
import { PromptsService } from './prompts.service.ts';

@ApiTags('prompts')
@Controller('prompts')
export class PromptsController {
  constructor(private readonly prompts: PromptsService) {}

  @Get()
  @ApiOperation({ summary: 'Prompts that templates share' })
  @ApiOkResponse({ standardSchema: promptListSchema })
  list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: promptsPage }) page: PromptsPage,
  ): Promise<PromptList> {
    return this.prompts.list(principal, page);
  }

  @Get(':name')
  @ApiOperation({ summary: 'One prompt: its text, what it reads, who uses it' })
  @ApiOkResponse({ standardSchema: promptViewSchema })
  show(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: promptName }) { name }: PromptName,
  ): Promise<PromptView> {
    return this.prompts.show(principal, name);
  }

  @Post(':name/render')
  @HttpCode(200)
  @ApiOperation({ summary: 'The text of a prompt with values, or every variable that has none' })
  @ApiOkResponse({ standardSchema: renderedSchema })
  render(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: promptName }) { name }: PromptName,
    @Body({ schema: renderPromptBody }) body: RenderPromptBody,
  ): Promise<RenderedPrompt> {
    return this.prompts.render(principal, name, body.variables);
  }

  @Get(':name/history')
  @ApiOperation({ summary: 'Commits that changed a prompt, newest first' })
  @ApiOkResponse({ standardSchema: promptHistorySchema })
  history(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: promptName }) { name }: PromptName,
    @Query({ schema: promptsPage }) page: PromptsPage,
  ): Promise<PromptHistory> {
    return this.prompts.history(principal, name, page);
  }

  @Get(':name/diff')
  @ApiOperation({ summary: 'How a prompt changed between two commits' })
  @ApiOkResponse({ standardSchema: promptDiffSchema })
  diff(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: promptName }) { name }: PromptName,
    @Query({ schema: promptDiffQuery }) query: PromptDiffQuery,
  ): Promise<PromptDiff> {
    return this.prompts.diff(principal, name, query);
  }
}
