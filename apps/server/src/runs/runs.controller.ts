import { Body, Controller, Get, Headers, Param, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';

import { artifactList } from '../artifacts/dto/artifacts.dto.ts';
import { CurrentPrincipal } from '../auth/principal.ts';
import type { Principal } from '../auth/principal.ts';
import { attemptsQuery, createRunBody, pageQuery, runId, runsQuery } from './dto/run-requests.dto.ts';
import type { AttemptsQuery, CreateRunBody, PageQuery, RunsQuery } from './dto/run-requests.dto.ts';
import { attemptList, runList, runView, stageList } from './dto/run-responses.dto.ts';
import { RunsService } from './runs.service.ts';

@ApiTags('runs')
@ApiBearerAuth()
@Controller('runs')
export class RunsController {
  constructor(private readonly runs: RunsService) {}

  @Post()
  @ApiOperation({ summary: 'Create a run of a template and start it' })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'The same key with the same body gives the same run.',
  })
  @ApiCreatedResponse({ standardSchema: runView })
  create(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: createRunBody }) body: CreateRunBody,
    @Headers('idempotency-key') key: string | undefined,
  ) {
    return this.runs.create(principal, body, key);
  }

  @Get()
  @ApiOperation({ summary: 'Runs of the workspace, newest first' })
  @ApiOkResponse({ standardSchema: runList })
  list(@CurrentPrincipal() principal: Principal, @Query({ schema: runsQuery }) query: RunsQuery) {
    return this.runs.list(principal, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'A run with its stages, artifacts and what it waits for' })
  @ApiOkResponse({ standardSchema: runView })
  get(@CurrentPrincipal() principal: Principal, @Param('id', { schema: runId }) id: string) {
    return this.runs.get(principal, id);
  }

  @Get(':id/stages')
  @ApiOperation({ summary: 'The stages of a run in file order' })
  @ApiOkResponse({ standardSchema: stageList })
  stages(@CurrentPrincipal() principal: Principal, @Param('id', { schema: runId }) id: string) {
    return this.runs.stages(principal, id);
  }

  @Get(':id/attempts')
  @ApiOperation({ summary: 'What was sent and what came back, every try, oldest first' })
  @ApiOkResponse({ standardSchema: attemptList })
  attempts(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: runId }) id: string,
    @Query({ schema: attemptsQuery }) query: AttemptsQuery,
  ) {
    return this.runs.attempts(principal, id, query);
  }

  @Get(':id/artifacts')
  @ApiOperation({ summary: 'Every file that the run made, those of earlier rounds too, oldest first' })
  @ApiOkResponse({ standardSchema: artifactList })
  artifacts(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: runId }) id: string,
    @Query({ schema: pageQuery }) query: PageQuery,
  ) {
    return this.runs.artifacts(principal, id, query);
  }
}
