import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.ts';

/** A real server in a process of its own, as `npm start` makes it. */
export interface ServerProcess {
  url: string;
  token: string;
  pid: number;
  /** Everything it printed so far. */
  output(): string;
  /** kill -9, and waits until the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and waits. Gives the exit code. */
  stop(): Promise<number | null>;
}

const CLI = join(ROOT, 'apps/cli/dist/bundle/main.js');
/** As `npm start` starts Node: the embedded database is WebAssembly, and optimising it in the background costs seconds at every start. */
const NODE = ['--liftoff-only'];
/** What Node compiled of the product, for all processes that tests start. */
export const COMPILED = join(ROOT, 'node_modules/.cache/stagewright/compiled');
const START_MS = 60_000;

/**
 * Starts a server on a free port, or on PORT. Rejects with what it printed when it ends before it serves. `log`: a file
 * descriptor for what it logs, which is then not part of what it printed.
 */
export async function startServer(
  dataDir: string,
  env: Record<string, string> = {},
  args: string[] = [],
  log: number | 'pipe' = 'pipe',
): Promise<ServerProcess> {
  const { child, output, ended } = watched(spawnServer(dataDir, env, args, log));
  const url = await said(child, output, /serves at (http:\/\/\S+)/);
  const token = readFileSync(join(dataDir, 'token'), 'utf8').trim();
  return { url, token, ...processOf(child, output, ended) };
}

function watched(child: ChildProcess) {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  return { child, output: () => text, ended };
}

function processOf(child: ChildProcess, output: () => string, ended: Promise<number | null>) {
  return {
    pid: child.pid ?? -1,
    output,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Starts a worker. Rejects with what it printed when it ends before it works. */
export async function startWorker(
  dataDir: string,
  env: Record<string, string> = {},
): Promise<Omit<ServerProcess, 'url' | 'token'>> {
  const { child, output, ended } = watched(spawnCli(['worker'], dataDir, env));
  await said(child, output, /Stagewright works/);
  return processOf(child, output, ended);
}

/** The process alone, for tests about servers that do not start. */
export function spawnServer(
  dataDir: string,
  env: Record<string, string> = {},
  args: string[] = [],
  log: number | 'pipe' = 'pipe',
): ChildProcess {
  return spawnCli(['serve', '--port', env['PORT'] ?? '0', ...args], dataDir, env, log);
}

function spawnCli(
  args: string[],
  dataDir: string,
  env: Record<string, string>,
  log: number | 'pipe' = 'pipe',
): ChildProcess {
  return spawn(process.execPath, [...NODE, CLI, ...args], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      DATA_DIR: dataDir,
      LOG_LEVEL: 'error',
      NODE_COMPILE_CACHE: COMPILED,
      ...env,
    },
    stdio: ['ignore', 'pipe', log],
  });
}

/** Waits until the process has said it; gives what the pattern captures of that. */
async function said(child: ChildProcess, output: () => string, what: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const found = what.exec(output());
      if (found !== null) settle(() => resolve(found[1] ?? found[0]));
    };
    const fail = (): void => settle(() => reject(new Error(`The process did not start:\n${output()}`)));
    const timer = setTimeout(fail, START_MS);
    const settle = (then: () => void): void => {
      clearTimeout(timer);
      child.stdout?.off('data', look);
      child.off('exit', fail);
      then();
    };
    child.stdout?.on('data', look);
    child.once('exit', fail);
  });
}
