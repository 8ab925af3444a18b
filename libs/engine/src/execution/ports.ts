import type { ActionCatalog } from '../template/catalog.ts';
import type { ActionContext, EgressRequest, EgressResponse } from '../ports/action-context.ts';
import type { AiRouter } from '../ports/ai-provider.ts';
import type { ArtifactStore } from '../ports/artifact-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { CommandRunner } from '../ports/command-runner.ts';
import type { Ids } from '../ports/ids.ts';
import type { Isolation } from '../ports/isolation.ts';
import type { PlanSource } from '../ports/plan-source.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { StageQueue } from '../ports/stage-queue.ts';
import type { Workers } from '../ports/workers.ts';
import type { Json, JsonObject } from '../vocabulary.ts';

/** Everything outside itself that the engine works with. */
export interface EnginePorts {
  store: RunStore;
  queue: StageQueue;
  plans: PlanSource;
  ai: AiRouter;
  artifacts: ArtifactStore;
  isolation: Isolation;
  actions: ActionRegistry;
  clock: Clock;
  ids: Ids;
  workers: Workers;
  log?: EngineLog;
  /** The one way out to the network; absent means that no action has a network. */
  egress?: (request: EgressRequest) => Promise<EgressResponse>;
  /** Runs the commands of `cli_loop` stages; absent means that none may be run. */
  commands?: CommandRunner;
}

/** Where the engine tells its host what nobody else hears. Never holds secrets or documents. */
export interface EngineLog {
  warn(message: string, facts: JsonObject): void;
  error(message: string, facts: JsonObject): void;
}

/** Every action of every installed plugin, with its handler. */
export interface ActionRegistry extends ActionCatalog {
  /** Calls the handler and nothing else. Throws `ACTION_UNKNOWN`, or what the handler throws. */
  run(id: string, input: JsonObject, context: ActionContext): Promise<Json>;
  /** A file that the plugin declared in `assets`. Throws `ASSET_UNKNOWN`. */
  asset(plugin: string, name: string): Promise<Uint8Array>;
  plugins(): Array<{ name: string; version: string }>;
}

export interface EngineOptions {
  /** Tasks under way at once in this process, by what they wait for. Default: 8 ai, 4 system. */
  concurrency?: { ai: number; system: number };
  /**
   * System tasks that this process may begin in the journal before it has a free place for them. They are carried out
   * in turn. More of them means fewer entries; fewer leave more to other processes. Default 1,000.
   */
  ahead?: number;
  /**
   * Tasks of one run under way at once in this process: what is beyond goes to the queue, where other processes find
   * it too. Default: no limit.
   */
  perRun?: number;
  /** False for a process that only takes requests: its tasks go through the queue. Default true. */
  works?: boolean;
  /** Runs kept in memory that have work open elsewhere. Default 1,000. */
  runsInMemory?: number;
}
