import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';

import { CurrentPrincipal } from '../auth/index.ts';
import type { Principal } from '../auth/index.ts';
import {
  diffQuerySchema,
  templateDiffSchema,
  templateHistorySchema,
  templateUsageSchema,
} from './template-revisions.view.ts';
import type {
  DiffQuery,
  TemplateDiffView,
  TemplateHistory,
  TemplateUsage,
} from './template-revisions.view.ts';
import { TemplateRevisionsService } from './template-revisions.service.ts';
import { pageQuerySchema, templateParamsSchema } from './templates.query.ts';
import type { PageQuery, TemplateParams } from './templates.query.ts';

@ApiTags('templates')
@Controller('templates/:name')
export class TemplateRevisionsController {
  constructor(private readonly revisions: TemplateRevisionsService) {}

  @Get('diff')
  @ApiOperation({ summary: 'What is different between two revisions, and which version that asks for' })
  @ApiOkResponse({ standardSchema: templateDiffSchema })
  diff(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: templateParamsSchema }) { name }: TemplateParams,
    @Query({ schema: diffQuerySchema }) query: DiffQuery,
  ): Promise<TemplateDiffView> {
    return this.revisions.diff(principal.workspace, name, query);
  }

  @Get('history')
  @ApiOperation({ summary: 'Its revisions, newest first, with who made the commit, when, and what for' })
  @ApiOkResponse({ standardSchema: templateHistorySchema })
  history(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: templateParamsSchema }) { name }: TemplateParams,
    @Query({ schema: pageQuerySchema }) page: PageQuery,
  ): Promise<TemplateHistory> {
    return this.revisions.history(principal.workspace, name, page);
  }

  @Get('usage')
  @ApiOperation({ summary: 'How many runs use which of its revisions, by state' })
  @ApiOkResponse({ standardSchema: templateUsageSchema })
  usage(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: templateParamsSchema }) { name }: TemplateParams,
  ): Promise<TemplateUsage> {
    return this.revisions.usage(principal.workspace, name);
  }
}
