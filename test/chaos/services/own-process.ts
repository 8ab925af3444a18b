import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

import { find } from './programs.ts';

export interface OwnProcessOptions {
  env: Record<string, string>;
  cwd?: string;
  /** Runs as this user instead of the present one; only root can. */
  user?: string;
}

const SETPRIV = find('setpriv');

/**
 * A process that never outlives this one: on Linux the kernel kills it when its parent dies, however that dies. Its
 * output is piped.
 */
export function spawnOwn(command: string, args: string[], options: OwnProcessOptions): ChildProcess {
  const [file, all] = withPrivileges(command, args, options.user);
  return spawn(file, all, { env: options.env, cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** `setpriv` replaces itself with the command, so the pid is that of the command. */
function withPrivileges(command: string, args: string[], user: string | undefined): [string, string[]] {
  if (SETPRIV === undefined) {
    if (user !== undefined) throw new Error(`Running as ${user} needs setpriv.`);
    return [command, args];
  }
  const as = user === undefined ? [] : [`--reuid=${user}`, `--regid=${user}`, '--init-groups'];
  return [SETPRIV, [...as, '--pdeathsig', 'KILL', '--', command, ...args]];
}

/** Resolves with its exit code, or the signal that ended it; also when it has ended already. */
export function endOf(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  if (child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve(child.exitCode ?? child.signalCode);
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
}

/** Sends a signal and waits until the process is gone. */
export async function endWith(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const end = endOf(child);
  child.kill(signal);
  await end;
}
