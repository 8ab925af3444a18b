import { spawn } from 'node:child_process';
import { gitFailed, registryTooBig } from '../cli.errors.ts';

export interface GitRead {
  /** Written to its standard input. */
  input?: string;
  /** Most bytes of output. */
  maxBytes: number;
}

/** Most time that one command may take. */
const PATIENCE_MS = 60_000;
/** Nothing in a repository starts a program, and nothing is fetched from elsewhere. */
const SETTINGS = ['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.pager=cat'];
/** A hook of the user's, which may have called us, works on a repository of its own. */
const ANOTHER_REPOSITORY = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_COMMON_DIR',
];
const ENVIRONMENT = {
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_TERMINAL_PROMPT: '0',
};

/** What a Git command gave, or null when it ended with an error and said why. */
export interface GitAnswer {
  output: Buffer | null;
  complaint: string;
}

/**
 * Runs one command that reads objects of the repository that holds `folder`. The user's own Git settings count, as for any
 * `git` there. Throws `CLI_GIT_FAILED` when Git is not installed, and `CLI_REGISTRY_TOO_BIG`.
 */
export function readGit(folder: string, args: readonly string[], options: GitRead): Promise<GitAnswer> {
  const config = SETTINGS.flatMap((setting) => ['-c', setting]);
  const child = spawn('git', ['-C', folder, '--no-replace-objects', ...config, ...args], {
    env: environment(),
    stdio: ['pipe', 'pipe', 'pipe'],
    signal: AbortSignal.timeout(PATIENCE_MS),
    killSignal: 'SIGKILL',
  });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= options.maxBytes) return void chunks.push(chunk);
      child.kill('SIGKILL');
      reject(registryTooBig(folder, `${options.maxBytes} bytes`));
    });
    child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(0, 4_096)));
    // A child that ends early closes its input; its exit code tells why.
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => reject(gitFailed(faultOf(error))));
    child.on('close', (code) => resolve({ output: code === 0 ? Buffer.concat(chunks) : null, complaint }));
    child.stdin.end(options.input);
  });
}

function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !ANOTHER_REPOSITORY.includes(name));
  return { ...Object.fromEntries(own), ...ENVIRONMENT };
}

function faultOf(error: Error): string {
  if (error.name === 'AbortError') return `it took longer than ${PATIENCE_MS / 1000} s`;
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
    ? 'the program "git" is not installed'
    : error.message;
}
