import { Logger } from '@nestjs/common';
import type { FactoryProvider } from '@nestjs/common';
import { createEngine } from '@stagewright/engine';
import type {
  ActionRegistry,
  AiRouter,
  ArtifactStore,
  Clock,
  CommandRunner,
  Engine,
  EngineLog,
  EngineOptions,
  EnginePorts,
  Ids,
  Isolation,
  JsonObject,
  PlanSource,
  RunStore,
  StageQueue,
  Workers,
} from '@stagewright/engine';

import {
  ACTION_REGISTRY,
  AI_ROUTER,
  ARTIFACT_STORE,
  CLOCK,
  COMMAND_RUNNER,
  EGRESS,
  ENGINE,
  ENGINE_OPTIONS,
  IDS,
  ISOLATION,
  PLAN_SOURCE,
  RUN_STORE,
  STAGE_QUEUE,
  WORKERS,
} from './engine.tokens.ts';

/** Warnings and errors of the engine in the server's log. */
class NestEngineLog implements EngineLog {
  readonly #logger = new Logger('Engine');

  warn(message: string, facts: JsonObject): void {
    this.#logger.warn({ message, ...facts });
  }

  error(message: string, facts: JsonObject): void {
    this.#logger.error({ message, ...facts });
  }
}

type Injected = [
  RunStore,
  StageQueue,
  PlanSource,
  AiRouter,
  ArtifactStore,
  Isolation,
  ActionRegistry,
  Clock,
  Ids,
  Workers,
  EngineOptions,
  EnginePorts['egress'] | undefined,
  CommandRunner | undefined,
];

/** The engine on everything this process offers it. */
export const engineProvider: FactoryProvider<Engine> = {
  provide: ENGINE,
  inject: [
    RUN_STORE,
    STAGE_QUEUE,
    PLAN_SOURCE,
    AI_ROUTER,
    ARTIFACT_STORE,
    ISOLATION,
    ACTION_REGISTRY,
    CLOCK,
    IDS,
    WORKERS,
    ENGINE_OPTIONS,
    { token: EGRESS, optional: true },
    { token: COMMAND_RUNNER, optional: true },
  ],
  useFactory: (...injected: Injected): Engine => {
    const [store, queue, plans, ai, artifacts, isolation, actions, clock, ids, workers, options, ...rest] =
      injected;
    const [egress, commands] = rest;
    const log = new NestEngineLog();
    const ports = { store, queue, plans, ai, artifacts, isolation, actions, clock, ids, workers, log };
    return createEngine({ ...ports, ...(egress && { egress }), ...(commands && { commands }) }, options);
  },
};
