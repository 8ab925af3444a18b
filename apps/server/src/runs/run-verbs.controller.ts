import { applyDecorators, Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiConflictResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';

import { CurrentPrincipal } from '../auth/principal.ts';
import type { Principal } from '../auth/principal.ts';
import {
  approveBody,
  cancelBody,
  nextStageBody,
  requestChangesBody,
  rerunBody,
  resolveBody,
  resumeBody,
  submitInputBody,
  upgradeBody,
  runId,
} from './dto/run-requests.dto.ts';
import type {
  ApproveBody,
  CancelBody,
  NextStageBody,
  RequestChangesBody,
  RerunBody,
  ResolveBody,
  ResumeBody,
  SubmitInputBody,
  UpgradeBody,
} from './dto/run-requests.dto.ts';
import { runPreview, runView } from './dto/run-responses.dto.ts';
import { RunVerbsService } from './run-verbs.service.ts';

/** A verb answers with the run as it is afterwards, and refuses with its present state. */
function Verb(summary: string): MethodDecorator {
  return applyDecorators(
    HttpCode(200),
    ApiOperation({ summary }),
    ApiOkResponse({ standardSchema: runView }),
    ApiConflictResponse({ description: 'It does not apply now; `state` is the present state.' }),
  );
}

/** What a verb would do: a question, so it takes the verb's body and is refused where the verb would be. */
function Preview(summary: string): MethodDecorator {
  return applyDecorators(
    HttpCode(200),
    ApiOperation({ summary, description: 'Decides and writes nothing.' }),
    ApiOkResponse({ standardSchema: runPreview }),
    ApiConflictResponse({ description: 'The verb does not apply now; `state` is the present state.' }),
  );
}

@ApiTags('runs')
@ApiBearerAuth()
@Controller('runs/:id')
export class RunVerbsController {
  constructor(private readonly verbs: RunVerbsService) {}

  @Post('start')
  @Verb('Start a draft')
  start(@CurrentPrincipal() principal: Principal, @Param('id', { schema: runId }) id: string) {
    return this.verbs.start(principal, id);
  }

  @Post('approve')
  @Verb('Approve the round of a stage that waits for it')
  approve(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: runId }) id: string,
    @Body({ schema: approveBody }) body: ApproveBody,
  ) {
    return this.verbs.approve(principal, id, body);
  }

  @Post('request-changes')
  @Verb('Send a stage back with comments: it gets another round')
  requestChanges(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: runId }) id: string,
    @Body({ schema: requestChangesBody }) body: RequestChangesBody,
  ) {
    return this.verbs.requestChanges(principal, id, body);
  }

  @Post('submit-input')
  @Verb('Hand in the form of a manual stage')
  submitInput(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: runId }) id: string,
    @Body({ schema: submitInputBody }) body: SubmitInputBody,
  ) {
    return this.verbs.submitInput(principal, id, body);
  }

  @Post('next-stage')
  @Verb('Start the stage that waits under `advance: manual`')
  nextStage(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: runId }) id: string,
    @Body({ schema: nextStageBody }) body: NextStageBody,
  ) {
    return this.verbs.nextStage(principal, id, body);
  }

  @Post('pause')
  @Verb('Begin nothing new until resumed')
  pause(@CurrentPrincipal() principal: Principal, @Param('id', { schema: runId }) id: string) {
    return this.verbs.pause(principal, id);
  }

  @Post('resume')
  @Verb('Go on after a pause, or with a raised budget')
  resume(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: runId }) id: string,
    @Body({ schema: resumeBody }) body: ResumeBody,
  ) {
    return this.verbs.resume(principal, id, body);
  }

  @Post('cancel')
  @Verb('End the run')
  cancel(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: runId }) id: string,
    @Body({ schema: cancelBody }) body: CancelBody,
  ) {
    return this.verbs.cancel(principal, id, body);
  }

  @Post('resolve')
  @Verb('Say what became of an attempt whose outcome nobody knew')
  resolve(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: runId }) id: string,
    @Body({ schema: resolveBody }) body: ResolveBody,
  ) {
    return this.verbs.resolve(principal, id, body);
  }

  @Post('retry')
  @Verb('Another round for every failed stage')
  retry(@CurrentPrincipal() principal: Principal, @Param('id', { schema: runId }) id: string) {
    return this.verbs.retry(principal, id);
  }

  @Post('rerun')
  @Verb('Another round for a stage and all that depends on it')
  rerun(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: runId }) id: string,
    @Body({ schema: rerunBody }) body: RerunBody,
  ) {
    return this.verbs.rerun(principal, id, body);
  }

  @Post('upgrade')
  @Verb('Go on with another revision; what did not change is reused')
  upgrade(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: runId }) id: string,
    @Body({ schema: upgradeBody }) body: UpgradeBody,
  ) {
    return this.verbs.upgrade(principal, id, body);
  }

  @Post('retry/preview')
  @Preview('What a retry would make again, and what it is likely to cost')
  previewRetry(@CurrentPrincipal() principal: Principal, @Param('id', { schema: runId }) id: string) {
    return this.verbs.preview(principal, id, { type: 'retry' });
  }

  @Post('rerun/preview')
  @Preview('What a rerun would make again, what must be approved again, and what it is likely to cost')
  previewRerun(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: runId }) id: string,
    @Body({ schema: rerunBody }) body: RerunBody,
  ) {
    return this.verbs.preview(principal, id, { type: 'rerun', ...body });
  }

  @Post('upgrade/preview')
  @Preview('What an upgrade would make again, what must be approved again, and what it is likely to cost')
  previewUpgrade(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: runId }) id: string,
    @Body({ schema: upgradeBody }) body: UpgradeBody,
  ) {
    return this.verbs.preview(principal, id, { type: 'upgrade', ...body });
  }
}
