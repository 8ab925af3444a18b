import { createHash } from 'node:crypto';

import { BullModule, getQueueToken } from '@nestjs/bull';
import type { BullModuleOptions } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { InProcessStageQueue } from '@stagewright/engine';
import type { EngineOptions, Ids } from '@stagewright/engine';
import type { Queue } from 'bull';

import type { Settings } from '../config/index.ts';
import { ENGINE_OPTIONS, IDS, STAGE_QUEUE } from '../runs/engine.tokens.ts';
import { RuntimeModule } from '../runs/runtime.module.ts';
import { BullStageQueue } from './bull-stage-queue.ts';
import type { Envelope } from './bull-stage-queue.ts';

const AI = 'stages-ai';
const SYSTEM = 'stages-system';
/** Of the tasks of one run, a process keeps so many to itself: the rest is for whoever is free. */
const PER_RUN = 25;
/** A Redis that is away, or turns this process away, is tried again after so long: neither at once nor ever later. */
const AGAIN_MS = 1_000;

/** How this process hears of work, and how much of it it takes. Global, because the runs feature builds the engine from it. */
@Module({})
export class QueueModule {
  /** Over Redis when the settings name one, else in memory. The database knows what is outstanding: nothing is lost with either. */
  static with(
    { redisUrl, databaseUrl }: Pick<Settings, 'redisUrl' | 'databaseUrl'>,
    options: EngineOptions = {},
  ): DynamicModule {
    return redisUrl === null ? inProcess(options) : overRedis({ redisUrl, databaseUrl }, options);
  }
}

function inProcess(options: EngineOptions): DynamicModule {
  return {
    module: QueueModule,
    global: true,
    providers: [
      { provide: STAGE_QUEUE, useFactory: () => new InProcessStageQueue() },
      { provide: ENGINE_OPTIONS, useValue: options },
    ],
    exports: [STAGE_QUEUE, ENGINE_OPTIONS],
  };
}

function overRedis(
  { redisUrl, databaseUrl }: { redisUrl: string; databaseUrl: string | null },
  options: EngineOptions,
): DynamicModule {
  const bull: BullModuleOptions = {
    url: redisUrl,
    prefix: queuePrefix(databaseUrl),
    // Idle workers look again every second: after Redis lost everything, nobody sleeps on an empty list for longer.
    settings: { drainDelay: 1, retryProcessDelay: AGAIN_MS },
    // Nobody hears what the driver is refused when it subscribes again by itself: that would end the process. The one
    // subscription that Bull makes is for jobs that are put off, and there are none.
    redis: { retryStrategy: () => AGAIN_MS, autoResubscribe: false },
  };
  return {
    module: QueueModule,
    global: true,
    imports: [RuntimeModule, BullModule.registerQueue({ ...bull, name: AI }, { ...bull, name: SYSTEM })],
    providers: [
      {
        provide: STAGE_QUEUE,
        useFactory: (ai: Queue<Envelope>, system: Queue<Envelope>, ids: Ids) =>
          new BullStageQueue({ ai, system }, ids.next()),
        inject: [getQueueToken(AI), getQueueToken(SYSTEM), IDS],
      },
      { provide: ENGINE_OPTIONS, useValue: { perRun: PER_RUN, ...options } },
    ],
    exports: [STAGE_QUEUE, ENGINE_OPTIONS],
  };
}

/** Of keys in Redis. Installations that share one do not hear of each other's work: who shares a database shares a queue. */
export function queuePrefix(databaseUrl: string | null): string {
  const { host, pathname } = new URL(databaseUrl ?? 'postgres://localhost/');
  return `stagewright-${createHash('sha256').update(`${host}${pathname}`).digest('hex').slice(0, 12)}`;
}
