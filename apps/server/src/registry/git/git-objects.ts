import { spawn } from 'node:child_process';

import { gitConfig, gitEnvironment } from './git-environment.ts';
import { tooBig, unreachable } from '../registry.errors.ts';

export interface GitRead {
  /** Written to its standard input. */
  input?: string | Uint8Array;
  /** Most bytes of output; more ends the process with `REGISTRY_TOO_BIG`. */
  maxBytes: number;
  signal?: AbortSignal;
  environment?: Record<string, string>;
}

/**
 * Runs one plumbing command on a bare repository and gives its output as bytes. Beside simple-git because its output
 * is bounded while it comes and its input is streamed; arguments are our own constants and object ids.
 */
export function readGit(gitDir: string, args: readonly string[], options: GitRead): Promise<Buffer> {
  const config = gitConfig().flatMap((entry) => ['-c', entry]);
  const child = spawn('git', [`--git-dir=${gitDir}`, ...config, ...args], {
    env: { ...gitEnvironment(), ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    signal: options.signal,
    killSignal: 'SIGKILL',
  });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= options.maxBytes) return;
      child.kill('SIGKILL');
      reject(tooBig(`git ${args[0]} gave more than ${options.maxBytes} bytes`));
    });
    child.stderr.on(
      'data',
      (chunk: Buffer) => (complaint = (complaint + chunk.toString('utf8')).slice(0, 4096)),
    );
    // A child that ends early closes its input; the exit code below tells why.
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => reject(unreachable(spawnFault(error))));
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(chunks));
      else reject(unreachable(plainLine(complaint) || `git ${args[0]} ended with ${code ?? 'a signal'}`));
    });
    child.stdin.end(options.input);
  });
}

function spawnFault(error: Error): string {
  if (error.name === 'AbortError') return 'it took too long.';
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
    ? 'the program "git" is not installed.'
    : error.message;
}

/** The line of Git's complaint that says why, without control characters: it may quote a hostile server. */
export function plainLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are the characters that must not pass
  const lines = text.split('\n').map((line) => line.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ').trim());
  const telling =
    lines.find((line) => /^(fatal|error|remote):/.test(line)) ?? lines.find((line) => line !== '') ?? '';
  return telling.slice(0, 300);
}
