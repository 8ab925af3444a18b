export { openApiText } from './http/openapi-text.ts';
export { createServer } from './server.ts';
export { createWorker } from './create-worker.ts';
export type { RunningWorker } from './create-worker.ts';
export type { RunningServer } from './server.ts';
export { stopOnSignal } from './stop-on-signal.ts';
export type { Environment, SettingsSource } from './config/index.ts';

/** For runs in a process of their own, without a server: what the server uses for the same ends. */
export { openAiRouter } from './composition/open-ai-router.ts';
export { openHermeticCommands } from './commands/index.ts';
export { SystemClock } from './runs/system-clock.ts';
export { UuidV7Ids } from './runs/uuid-v7-ids.ts';
