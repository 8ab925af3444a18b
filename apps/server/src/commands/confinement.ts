import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { settingsInvalid } from '../config/config.errors.ts';
import type { CommandLimits } from './command-limits.ts';
import { threadsOf } from './process-table.ts';

/** Who a command runs as when that is not who the server runs as. */
export interface CommandUser {
  uid: number;
  gid: number;
}

/** `nobody` on every Linux: a command of a server that runs as root must not. */
const NOBODY: CommandUser = { uid: 65_534, gid: 65_534 };
/** Not the search path: a tool that confines others is not to be taken from just anywhere. */
const TOOL_FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];
const PROBE_MS = 10_000;

export type ConfiningTool = 'setpriv' | 'prlimit' | 'unshare';

export interface Confined {
  file: string;
  args: string[];
}

/** What this machine offers to keep a command within bounds: programs of util-linux, each found and tried once. */
export class Confinement {
  readonly user: CommandUser | null;
  /** Whether processes of a command cannot outlive it, whatever they do. */
  readonly hasNamespace: boolean;
  readonly #setpriv: string | null;
  readonly #prlimit: string | null;
  readonly #unshare: string | null;

  private constructor(tools: Record<ConfiningTool, string | null>) {
    this.user = isRoot() && tools.setpriv !== null ? NOBODY : null;
    this.hasNamespace = tools.unshare !== null;
    this.#setpriv = tools.setpriv;
    this.#prlimit = tools.prlimit;
    this.#unshare = tools.unshare;
  }

  /** For a machine that runs no commands: nothing is looked for. */
  static none(): Confinement {
    return new Confinement({ setpriv: null, prlimit: null, unshare: null });
  }

  /** Finds out what works here; on another system than Linux nothing does. `without` leaves tools out, as if they were missing. */
  static async detect(without: readonly ConfiningTool[] = []): Promise<Confinement> {
    const find = (name: ConfiningTool, options: string[]): Promise<string | null> =>
      without.includes(name) ? Promise.resolve(null) : working(name, options);
    const setpriv = await find('setpriv', ['--pdeathsig', 'KILL', '--no-new-privs']);
    const prlimit = await find('prlimit', ['--core=0']);
    // A namespace is worth something only when nothing in it can gain rights.
    const unshare = setpriv === null ? null : await find('unshare', namespaces(false));
    return new Confinement({ setpriv, prlimit, unshare });
  }

  /** Throws `CONFIG_INVALID` when commands would run as root. */
  refuseRoot(): void {
    if (!isRoot() || this.user !== null) return;
    const message = 'would run as root: start the server as another user, or install setpriv (util-linux)';
    throw settingsInvalid([{ name: 'CLI_LOOP_COMMANDS', message }]);
  }

  /** What is not kept within bounds here, for the operator to know. */
  get gaps(): string[] {
    return [
      ...(this.#setpriv === null ? ['may gain rights through setuid programs'] : []),
      ...(this.#prlimit === null ? ['memory, processes and file sizes are not limited'] : []),
      ...(this.#unshare === null
        ? ['the network is open', 'a process that hides from its group may outlive it']
        : []),
    ];
  }

  /** The command behind what confines it, each stage replacing itself by the next. */
  wrap({ file, args }: Confined, { network, limits }: { network: boolean; limits: CommandLimits }): Confined {
    const setpriv = this.#setpriv;
    const stages = [
      ...(setpriv === null
        ? []
        : [[setpriv, '--pdeathsig', 'KILL', ...(this.user === null ? ['--no-new-privs'] : [])]]),
      ...(this.#unshare === null ? [] : [[this.#unshare, ...namespaces(network)]]),
      // A change of user forgets what is to happen at the parent's death: it is said once more.
      ...(setpriv === null || this.user === null ? [] : [[setpriv, ...asUser(this.user)]]),
      ...(this.#prlimit === null ? [] : [[this.#prlimit, ...this.#bounds(limits)]]),
    ];
    const [first, ...rest] = [...stages.flatMap((stage) => [...stage, '--']), file, ...args];
    return { file: first ?? file, args: rest };
  }

  #bounds({ memoryBytes, processes, fileBytes }: CommandLimits): string[] {
    // The system counts all threads of a user: the command gets its share on top of what there is.
    const others = threadsOf(this.user?.uid ?? process.getuid?.() ?? 0);
    return ['--core=0', `--data=${memoryBytes}`, `--nproc=${others + processes}`, `--fsize=${fileBytes}`];
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** A world of its own for process ids, which ends with its first process, and for the network, in which there is nobody. */
function namespaces(network: boolean): string[] {
  const mapping = isRoot() ? [] : ['--user', '--map-current-user'];
  return [...mapping, '--pid', '--fork', '--kill-child', '--mount-proc', ...(network ? [] : ['--net'])];
}

function asUser({ uid, gid }: CommandUser): string[] {
  const user = ['--reuid', String(uid), '--regid', String(gid), '--clear-groups'];
  return ['--pdeathsig', 'KILL', '--no-new-privs', ...user, '--inh-caps=-all', '--bounding-set=-all'];
}

/** Path of a tool that does what is asked of it here; null when it is missing, too old, or not permitted. */
async function working(name: ConfiningTool, options: string[]): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const path = TOOL_FOLDERS.map((folder) => join(folder, name)).find(isExecutable);
  if (path === undefined) return null;
  try {
    const probe = [...options, '--', path, '--version'];
    await promisify(execFile)(path, probe, { env: {}, timeout: PROBE_MS, killSignal: 'SIGKILL' });
    return path;
  } catch {
    return null;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
