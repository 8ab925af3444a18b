import { Module } from '@nestjs/common';
import { InProcessStageQueue } from '@stagewright/engine';

import { STAGE_QUEUE } from '../runs/engine.tokens.ts';

/** How this process hears of work: in memory. The database knows what is outstanding, so nothing is lost with it. */
@Module({
  providers: [{ provide: STAGE_QUEUE, useFactory: () => new InProcessStageQueue() }],
  exports: [STAGE_QUEUE],
})
export class QueueModule {}
