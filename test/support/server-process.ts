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

const CLI = join(ROOT, 'apps/cli/dist/main.js');
const START_MS = 60_000;

/** Starts a server on a free port, or on PORT. Rejects with what it printed when it ends before it serves. */
export async function startServer(dataDir: string, env: Record<string, string> = {}): Promise<ServerProcess> {
  const child = spawnServer(dataDir, env);
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  const url = await serving(child, () => text);
  return {
    url,
    token: readFileSync(join(dataDir, 'token'), 'utf8').trim(),
    pid: child.pid ?? -1,
    output: () => text,
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

/** The process alone, for tests about servers that do not start. */
export function spawnServer(dataDir: string, env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [CLI, 'serve', '--port', env['PORT'] ?? '0'], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      DATA_DIR: dataDir,
      LOG_LEVEL: 'error',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function serving(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const url = /serves at (http:\/\/\S+)/.exec(output())?.[1];
      if (url !== undefined) settle(() => resolve(url));
    };
    const fail = (): void => settle(() => reject(new Error(`The server did not start:\n${output()}`)));
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
