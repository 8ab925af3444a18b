/**
 * What the engine is built from, as injection tokens. `runs/engine.provider.ts` reads all of them; a *global* module
 * provides the first three (composition and templates), this feature provides the rest.
 */

/** `ActionRegistry` of the engine: every action of every installed plugin. Provided by composition. */
export const ACTION_REGISTRY = Symbol('ACTION_REGISTRY');
/** `AiRouter` of the engine: which provider answers for which model alias. Provided by composition. */
export const AI_ROUTER = Symbol('AI_ROUTER');
/** `PlanSource` of the engine: compiled templates by digest. Provided by the templates feature. */
export const PLAN_SOURCE = Symbol('PLAN_SOURCE');
/** The one way out to the network, `(request: EgressRequest) => Promise<EgressResponse>`. Provided by composition. */
export const EGRESS = Symbol('EGRESS');

/** `CommandRunner` of the engine: the commands that the operator allows. Provided by the commands feature. */
export const COMMAND_RUNNER = Symbol('COMMAND_RUNNER');

/** `Clock` of the engine. */
export const CLOCK = Symbol('CLOCK');
/** `Ids` of the engine. */
export const IDS = Symbol('IDS');
/** `RunStore` of the engine. */
export const RUN_STORE = Symbol('RUN_STORE');
/** `StageQueue` of the engine. */
export const STAGE_QUEUE = Symbol('STAGE_QUEUE');
/** `ArtifactStore` of the engine. */
export const ARTIFACT_STORE = Symbol('ARTIFACT_STORE');
/** `Isolation` of the engine. */
export const ISOLATION = Symbol('ISOLATION');
/** `EngineOptions` of the engine. Provided by the queue feature, as how work comes decides how much is taken. */
export const ENGINE_OPTIONS = Symbol('ENGINE_OPTIONS');
/** `Workers` of the engine. */
export const WORKERS = Symbol('WORKERS');
/** The `Engine` itself. */
export const ENGINE = Symbol('ENGINE');
