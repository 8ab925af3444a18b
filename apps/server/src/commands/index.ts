export { CommandsModule } from './commands.module.ts';
export { openHermeticCommands } from './open-command-runner.ts';
export type { SpawnedCommandRunner } from './spawned-command-runner.ts';
