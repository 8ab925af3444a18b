export { CommandsModule } from './commands.module.ts';
export type { SpawnedCommandRunner } from './spawned-command-runner.ts';
