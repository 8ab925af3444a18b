import { Global, Inject, Logger, Module } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';

import { AuthModule, ServerToken } from '../auth/index.ts';
import { secretValues, SETTINGS } from '../config/index.ts';
import type { Settings } from '../config/index.ts';
import { COMMAND_RUNNER } from '../runs/engine.tokens.ts';
import { openCommandRunner } from './open-command-runner.ts';
import { SpawnedCommandRunner } from './spawned-command-runner.ts';

/** The commands of `CLI_LOOP_COMMANDS`, none by default. Global, for the engine. */
@Global()
@Module({
  imports: [AuthModule],
  providers: [
    {
      provide: SpawnedCommandRunner,
      useFactory: async (settings: Settings, token: ServerToken): Promise<SpawnedCommandRunner> => {
        const secrets = [...secretValues(settings), token.value];
        const { runner, gaps } = await openCommandRunner(settings.cliLoopCommands, { secrets });
        if (gaps.length > 0)
          new Logger(CommandsModule.name).warn(
            `Commands of cli_loop stages on this machine: ${gaps.join('; ')}.`,
          );
        return runner;
      },
      inject: [SETTINGS, ServerToken],
    },
    { provide: COMMAND_RUNNER, useExisting: SpawnedCommandRunner },
  ],
  exports: [COMMAND_RUNNER],
})
export class CommandsModule implements OnApplicationShutdown {
  readonly #runner: SpawnedCommandRunner;

  constructor(@Inject(SpawnedCommandRunner) runner: SpawnedCommandRunner) {
    this.#runner = runner;
  }

  /** After the engine has come to rest. */
  onApplicationShutdown(): void {
    this.#runner.close();
  }
}
