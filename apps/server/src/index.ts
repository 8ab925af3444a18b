export { openApiText } from './http/openapi-text.ts';
export { createServer } from './server.ts';
export { createWorker } from './create-worker.ts';
export type { RunningWorker } from './create-worker.ts';
export type { RunningServer } from './server.ts';
export { stopOnSignal } from './stop-on-signal.ts';
export type { Environment, SettingsSource } from './config/index.ts';
