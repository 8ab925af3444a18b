import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';

import { CurrentPrincipal } from '../auth/index.ts';
import type { Principal } from '../auth/index.ts';
import { templateListSchema, templateRevisionListSchema, templateViewSchema } from './template.view.ts';
import type { TemplateList, TemplateRevisionList, TemplateView } from './template.view.ts';
import {
  pageQuerySchema,
  revisionQuerySchema,
  templateParamsSchema,
  templateQuerySchema,
} from './templates.query.ts';
import type { PageQuery, RevisionQuery, TemplateParams, TemplateQuery } from './templates.query.ts';
import { TemplatesService } from './templates.service.ts';

@ApiTags('templates')
@Controller('templates')
export class TemplatesController {
  constructor(private readonly templates: TemplatesService) {}

  @Get()
  @ApiOperation({ summary: 'Templates that can be run' })
  @ApiOkResponse({ standardSchema: templateListSchema })
  list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: templateQuerySchema }) query: TemplateQuery,
  ): Promise<TemplateList> {
    return this.templates.list(principal.workspace, query);
  }

  @Get(':name')
  @ApiOperation({ summary: 'One template: inputs, stages, gates, and what is wrong with it' })
  @ApiOkResponse({ standardSchema: templateViewSchema })
  show(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: templateParamsSchema }) { name }: TemplateParams,
    @Query({ schema: revisionQuerySchema }) { revision }: RevisionQuery,
  ): Promise<TemplateView> {
    return this.templates.show(principal.workspace, name, revision);
  }

  @Get(':name/revisions')
  @ApiOperation({ summary: 'Every revision that was ever served, newest first' })
  @ApiOkResponse({ standardSchema: templateRevisionListSchema })
  revisions(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: templateParamsSchema }) { name }: TemplateParams,
    @Query({ schema: pageQuerySchema }) page: PageQuery,
  ): Promise<TemplateRevisionList> {
    return this.templates.revisions(principal.workspace, name, page);
  }
}
