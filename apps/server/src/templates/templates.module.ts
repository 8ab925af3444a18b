import { Global, Module } from '@nestjs/common';

import { PLAN_SOURCE } from '../runs/engine.tokens.ts';
import { CommitLog } from '../registry/index.ts';
import { RevisionPlans } from './revision-plans.ts';
import { TemplateRevisionsController } from './template-revisions.controller.ts';
import { TemplateRevisionsService } from './template-revisions.service.ts';
import { TemplatesController } from './templates.controller.ts';
import { TemplatesService } from './templates.service.ts';

/** Global because the engine, which the runs feature builds, takes its plans from here. */
@Global()
@Module({
  controllers: [TemplatesController, TemplateRevisionsController],
  providers: [
    RevisionPlans,
    TemplatesService,
    TemplateRevisionsService,
    CommitLog,
    { provide: PLAN_SOURCE, useExisting: RevisionPlans },
  ],
  exports: [PLAN_SOURCE],
})
export class TemplatesModule {}
