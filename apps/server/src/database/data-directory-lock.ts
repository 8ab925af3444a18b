import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, realpath, rm, symlink } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { dataDirectoryLocked, dataDirectoryUnusable } from './database.errors.ts';

export interface DataDirectoryLock {
  /** Gives the directory free. The kernel does the same when the process dies. */
  release(): Promise<void>;
}

interface Holder {
  pid: number;
}
type Neighbour = { alive: false } | { alive: true; holder: Holder | null };

const ANSWER_MS = 1_000;
const TRIES = 50;
/** Unix socket addresses end at 104 bytes on macOS and at 108 on Linux, the closing NUL included. */
const ADDRESS_BYTES = 100;
const NAME = /^lock\.(\d+)\.sock$/;

/**
 * Makes this process the only one that uses a data directory, or throws `DATA_DIR_LOCKED` with the pid of the one
 * that does. Two embedded databases on one directory would destroy it without an error.
 *
 * The lock is a listening socket: the kernel closes it when its holder dies, however it dies, and so the age of a
 * file never decides. A dead holder leaves its socket *file*; who comes next binds the next number and then looks
 * again: it gives way to a higher number, and to a lower one that still answers. Of two that start together at most
 * one stays, because each looks only after it listens.
 */
export async function acquireDataDirectoryLock(directory: string): Promise<DataDirectoryLock> {
  const real = await usableDirectory(directory);
  if (process.platform === 'win32') return lockByPipe(real);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const lock = await tryLock(real);
    if (lock !== null) return lock;
    await pause(5 + Math.random() * 40);
  }
  throw dataDirectoryLocked(real, null);
}

async function usableDirectory(directory: string): Promise<string> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return await realpath(directory);
  } catch (error) {
    throw dataDirectoryUnusable(directory, error);
  }
}

/** Null: another process was starting at the same moment, look again. */
async function tryLock(directory: string): Promise<DataDirectoryLock | null> {
  const before = await generations(directory);
  await refuseIfHeld(directory, before);
  const mine = Math.max(0, ...before) + 1;
  const server = await withAddress(directory, mine, listen);
  if (server === null) return null;
  const release = async (): Promise<void> => {
    await close(server);
    await rm(join(directory, `lock.${mine}.sock`), { force: true });
  };
  try {
    const others = (await generations(directory)).filter((generation) => generation !== mine);
    if (others.some((generation) => generation > mine)) return await release().then(() => null);
    await refuseIfHeld(directory, others);
    await Promise.all(
      others.map((generation) => rm(join(directory, `lock.${generation}.sock`), { force: true })),
    );
    return { release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function generations(directory: string): Promise<number[]> {
  const names = await readdir(directory);
  return names.flatMap((name) => {
    const match = NAME.exec(name);
    return match === null ? [] : [Number(match[1])];
  });
}

async function refuseIfHeld(directory: string, candidates: number[]): Promise<void> {
  for (const generation of candidates) {
    const neighbour = await withAddress(directory, generation, ask);
    if (neighbour.alive) throw dataDirectoryLocked(directory, neighbour.holder);
  }
}

/** Windows: the kernel owns the pipe's name, so nothing stale can be left. */
async function lockByPipe(directory: string): Promise<DataDirectoryLock> {
  const address = `\\\\.\\pipe\\stagewright-${createHash('sha256').update(directory.toLowerCase()).digest('hex')}`;
  const server = await listen(address);
  if (server !== null) return { release: () => close(server) };
  const neighbour = await ask(address);
  throw dataDirectoryLocked(directory, neighbour.alive ? neighbour.holder : null);
}

/**
 * Calls with an address of the socket that is short enough. The socket itself always lies in the data directory; a
 * long path is reached through a link in a fresh private folder, so that nothing hangs on a shared name.
 */
async function withAddress<T>(
  directory: string,
  generation: number,
  use: (address: string) => Promise<T>,
): Promise<T> {
  const name = `lock.${generation}.sock`;
  const address = join(directory, name);
  if (Buffer.byteLength(address) < ADDRESS_BYTES) return use(address);
  const folder = await mkdtemp(join(tmpdir(), 'sw-'));
  try {
    await symlink(directory, join(folder, 'd'));
    return await use(join(folder, 'd', name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Null: the address is taken. */
function listen(address: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end(JSON.stringify({ pid: process.pid } satisfies Holder));
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(dataDirectoryUnusable(address, error));
    });
    server.listen(address, () => resolve(server.unref()));
  });
}

function ask(address: string): Promise<Neighbour> {
  return new Promise((resolve) => {
    let said = '';
    const socket = createConnection(address);
    const answer = (neighbour: Neighbour): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(neighbour);
    };
    // A stopped process accepts and says nothing: it holds the directory all the same.
    const timer = setTimeout(() => answer({ alive: true, holder: null }), ANSWER_MS);
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (said += chunk));
    socket.on('end', () => answer({ alive: true, holder: parseHolder(said) }));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const dead = error.code === 'ECONNREFUSED' || error.code === 'ENOENT';
      answer(dead ? { alive: false } : { alive: true, holder: null });
    });
  });
}

function parseHolder(text: string): Holder | null {
  try {
    const value: unknown = JSON.parse(text);
    const pid = typeof value === 'object' && value !== null && 'pid' in value ? value.pid : undefined;
    return typeof pid === 'number' ? { pid } : null;
  } catch {
    return null;
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
