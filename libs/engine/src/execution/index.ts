export { createActionRegistry } from './action-registry.ts';
export type { ActionRegistryOptions } from './action-registry.ts';
export { corePlugins } from './core-actions.ts';
export { createEngine } from './engine.ts';
export type { CreateRequest, Engine } from './engine.ts';
export { InProcessStageQueue } from './in-process-stage-queue.ts';
export { freezeLock } from './run-lock.ts';
export type { ActionRegistry, EngineLog, EngineOptions, EnginePorts } from './ports.ts';
export type { EngineEntry } from './keeper-host.ts';
