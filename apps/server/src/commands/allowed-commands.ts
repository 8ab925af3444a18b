import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';

import { settingsInvalid } from '../config/config.errors.ts';
import type { CommandSetting } from '../config/settings.ts';

/** A command that the operator allows, with its file as it was found at the start. */
export interface AllowedCommand {
  name: string;
  /** Absolute, without links. */
  file: string;
  /** First arguments that are allowed; null allows any. */
  subcommands: readonly string[] | null;
  network: boolean;
}

/** Programs whose arguments are programs: a list of sub-commands would be no bound. */
const SHELLS =
  /^(ba|da|z|k|fi|c|tc|a)?sh$|^(busybox|toybox|pwsh|powershell|cmd|env|xargs|sudo|su|doas|setpriv|unshare)$/;
/** Programs that run or fetch what their arguments name: only with sub-commands that the operator chose. */
const RUNNERS =
  /^(npx|npm|pnpm|pnpx|yarn|yarnpkg|bun|bunx|deno|node|nodejs|corepack|python|pypy|pip|pipx|uv|uvx|perl|ruby|gem|bundle|php|composer|lua|git|cargo|go|docker|podman|make|find|ssh|curl|wget|awk|gawk|tclsh|java)$/;
const WORLD_WRITABLE = 0o002;
const STICKY = 0o1000;

/** Finds the file of each command. Throws `CONFIG_INVALID` with everything that is wrong. */
export function resolveCommands(settings: readonly CommandSetting[]): AllowedCommand[] {
  const found = settings.map((setting) => ({ setting, ...resolveOne(setting) }));
  const problems = found.flatMap(({ setting, fault }) =>
    fault === undefined ? [] : [{ name: 'CLI_LOOP_COMMANDS', message: `"${setting.name}" ${fault}` }],
  );
  if (problems.length > 0) throw settingsInvalid(problems);
  return found.flatMap(({ setting: { name, subcommands, network }, file }) =>
    file === undefined ? [] : [{ name, file, subcommands, network }],
  );
}

function resolveOne(setting: CommandSetting): { file?: string; fault?: string } {
  if (process.platform === 'win32') {
    return {
      fault: 'cannot be run on Windows, where a program cannot be ended together with all that it started',
    };
  }
  const { path, subcommands } = setting;
  let file: string;
  try {
    file = realpathSync(path);
  } catch {
    return { fault: `names ${path}, which is not there` };
  }
  const names = [path, file].map(programName);
  if (names.some((name) => SHELLS.test(name)))
    return { fault: `names ${file}, which runs any other program` };
  if (subcommands === null && names.some((name) => RUNNERS.test(name)))
    return {
      fault: `names ${file}, which can run any code: list its sub-commands, as in ${setting.name}=${path}[check lint]`,
    };
  const fault = fileFault(file);
  return fault === null ? { file } : { fault: `names ${file}, ${fault}` };
}

/** Why a file is not fit to be run, as the end of a sentence; null when it is. */
export function fileFault(file: string): string | null {
  try {
    const stat = statSync(file);
    if (!stat.isFile()) return 'which is no file';
    accessSync(file, constants.X_OK);
    const folder = statSync(dirname(file));
    const isOpen = (folder.mode & WORLD_WRITABLE) !== 0 && (folder.mode & STICKY) === 0;
    return (stat.mode & WORLD_WRITABLE) !== 0 || isOpen ? 'which everybody can replace' : null;
  } catch {
    return 'which cannot be run by the server';
  }
}

/** `/usr/bin/python3.12` is `python`, `/usr/lib/node_modules/npm/bin/npx-cli.js` is `npx`. */
function programName(path: string): string {
  return basename(path)
    .toLowerCase()
    .replace(/\.(exe|[cm]?js|py|rb|pl)$/, '')
    .replace(/-cli$/, '')
    .replace(/[\d.]+$/, '');
}
