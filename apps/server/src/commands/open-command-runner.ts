import { absoluteSearchPath, aiSecrets, loadHermeticSettings } from '../config/index.ts';
import type { CommandSetting, SettingsSource } from '../config/index.ts';
import { resolveCommands } from './allowed-commands.ts';
import { reapLeftovers } from './command-folder.ts';
import type { CommandLimits } from './command-limits.ts';
import { Confinement } from './confinement.ts';
import { SpawnedCommandRunner } from './spawned-command-runner.ts';

export interface OpenCommands {
  runner: SpawnedCommandRunner;
  /** What is not kept within bounds on this machine. */
  gaps: string[];
}

/**
 * A runner of the commands that are allowed. Looks at the machine only when there are any, and removes what an earlier
 * process left. Throws `CONFIG_INVALID`.
 */
export async function openCommandRunner(
  settings: readonly CommandSetting[],
  { secrets, limits }: { secrets: readonly string[]; limits?: Partial<CommandLimits> },
): Promise<OpenCommands> {
  const commands = resolveCommands(settings);
  const confinement = commands.length === 0 ? Confinement.none() : await Confinement.detect();
  if (commands.length > 0) {
    confinement.refuseRoot();
    await reapLeftovers();
  }
  const searchPath = absoluteSearchPath();
  const runner = new SpawnedCommandRunner({
    commands,
    confinement,
    secrets,
    searchPath,
    ...(limits && { limits }),
  });
  return { runner, gaps: commands.length === 0 ? [] : confinement.gaps };
}

/** The commands that the environment allows, for runs without a server. */
export async function openHermeticCommands(
  source: Pick<SettingsSource, 'cwd' | 'environment'>,
): Promise<SpawnedCommandRunner> {
  const { ai, cliLoopCommands } = loadHermeticSettings(source);
  return (await openCommandRunner(cliLoopCommands, { secrets: aiSecrets(ai) })).runner;
}
