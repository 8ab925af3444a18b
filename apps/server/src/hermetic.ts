/** For runs in a process of their own, without a server: what the server uses for the same ends, and nothing of the rest of it. */
export { openAiRouter } from './composition/open-ai-router.ts';
export { openHermeticCommands } from './commands/open-command-runner.ts';
export { SystemClock } from './runs/system-clock.ts';
export { UuidV7Ids } from './runs/uuid-v7-ids.ts';
