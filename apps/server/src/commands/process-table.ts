import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The environment variable that every process of a command carries, as long as it keeps its environment. */
export const MARK_VARIABLE = 'STAGEWRIGHT_COMMAND';

/** Rounds of looking and ending: what forks faster than it is ended is ended by its limit of processes. */
const ROUNDS = 50;

/** Which namespace of process ids this process counts in: an id means nothing in another. `0` where there is none. */
export function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Ends a group of processes at once. No signal that asks first: whatever a command would save is thrown away. */
export function killGroup(leader: number): void {
  kill(-leader);
}

function kill(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/**
 * Ends what has left its group and still carries the mark. On Linux only: elsewhere no process may look at the
 * environment of another.
 */
export function killMarked(mark: string): void {
  for (let round = 0; round < ROUNDS; round += 1) {
    const found = processIds().filter((pid) => carries(pid, mark));
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
  }
}

/** Threads of all processes of a user, as RLIMIT_NPROC counts them. 0 where there is no /proc. */
export function threadsOf(uid: number): number {
  return processIds().reduce((sum, pid) => {
    const status = readOf(pid, 'status');
    if (/^Uid:\t(\d+)/m.exec(status)?.[1] !== String(uid)) return sum;
    return sum + Number(/^Threads:\t(\d+)/m.exec(status)?.[1] ?? 0);
  }, 0);
}

function carries(pid: number, mark: string): boolean {
  // What has ended and is not yet taken notice of has an empty environment.
  return readOf(pid, 'environ').split('\0').includes(`${MARK_VARIABLE}=${mark}`);
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

function readOf(pid: number, file: 'environ' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
