import { Module } from '@nestjs/common';

import { RunsModule } from '../runs/runs.module.ts';
import { EventsController } from './events.controller.ts';
import { EventsService } from './events.service.ts';
import { RunSignals } from './run-signals.ts';

/** Live events of runs. */
@Module({ imports: [RunsModule], controllers: [EventsController], providers: [EventsService, RunSignals] })
export class EventsModule {}
