import { Module } from '@nestjs/common';
import type { Clock } from '@stagewright/engine';

import { CLOCK, IDS } from './engine.tokens.ts';
import { SystemClock } from './system-clock.ts';
import { UuidV7Ids } from './uuid-v7-ids.ts';

/** Time and ids of this process. */
@Module({
  providers: [
    { provide: CLOCK, useFactory: () => new SystemClock() },
    { provide: IDS, useFactory: (clock: Clock) => new UuidV7Ids(clock), inject: [CLOCK] },
  ],
  exports: [CLOCK, IDS],
})
export class RuntimeModule {}
