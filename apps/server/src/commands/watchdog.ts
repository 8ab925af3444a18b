import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What the watchdog is told, one JSON text a line. */
export type WatchdogNews =
  | { news: 'begun'; mark: string; folder: string }
  | { news: 'started'; mark: string; pid: number }
  | { news: 'over'; mark: string };

/** The program beside this file: TypeScript when running from source (Node strips the types), JavaScript when built. */
const PROGRAM = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? './watchdog.process.ts' : './watchdog.process.js',
    import.meta.url,
  ),
);

/**
 * A process that outlives this one for a moment: it notices that the pipe from here closes, ends every command that is
 * still under way with its whole group, and removes their folders. So a `kill -9` of the server leaves nothing behind,
 * also where the kernel cannot be asked to see to it.
 */
export class Watchdog {
  #process: ChildProcess | null = null;

  tell(news: WatchdogNews): void {
    this.#process ??= this.#start();
    this.#process.stdin?.write(`${JSON.stringify(news)}\n`);
  }

  /** It ends by itself when it is told nothing more. */
  close(): void {
    this.#process?.stdin?.end();
    this.#process = null;
  }

  #start(): ChildProcess {
    // A session of its own: an interrupt from the terminal is not meant for it.
    const started = spawn(process.execPath, ['--no-warnings', PROGRAM], {
      cwd: '/',
      env: {},
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const gone = (): void => {
      if (this.#process === started) this.#process = null;
    };
    started.once('exit', gone);
    started.once('error', gone);
    started.stdin.on('error', gone);
    // Neither it nor the pipe keeps this process alive.
    started.unref();
    (started.stdin as unknown as { unref(): void }).unref();
    return started;
  }
}
