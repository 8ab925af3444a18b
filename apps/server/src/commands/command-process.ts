import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

import type { CommandLimits } from './command-limits.ts';
import type { Confined } from './confinement.ts';
import { killGroup } from './process-table.ts';

/** How a process ended. */
export interface ProcessEnd {
  /** What it printed, up to the limit. */
  output: Buffer;
  end:
    | { kind: 'exit'; code: number }
    | { kind: 'signal'; signal: string }
    | { kind: 'limit'; what: string }
    | { kind: 'aborted' }
    | { kind: 'unstarted'; reason: string };
}

export interface ProcessRequest extends Confined {
  folder: string;
  env: Record<string, string>;
  limits: CommandLimits;
  signal: AbortSignal;
  /** Hears the id of the process, which is that of its group, as soon as there is one. */
  started: (pid: number) => void;
}

/** How long streams may stay open once the process has ended: what still holds them has left its group. */
const LINGER_MS = 1_000;

/** Runs one process in a group of its own, to its end or to the first limit; then the group is dead. Never rejects. */
export function runProcess(request: ProcessRequest): Promise<ProcessEnd> {
  const { file, args, folder, env, signal } = request;
  if (signal.aborted) return Promise.resolve({ output: Buffer.alloc(0), end: { kind: 'aborted' } });
  const child = spawn(file, args, { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  return new WatchedProcess(child, request).ended;
}

class WatchedProcess {
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;
  readonly #limits: CommandLimits;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;
  #isOver = false;
  /** Why it was ended by us; the first reason counts. */
  #stopped: ProcessEnd['end'] | null = null;

  constructor(child: ChildProcess, { limits, signal, started }: ProcessRequest) {
    this.#child = child;
    this.#limits = limits;
    if (child.pid !== undefined) started(child.pid);
    const seconds = limits.timeMs / 1_000;
    const timer = setTimeout(() => this.#stop(`ran for more than ${seconds} seconds`), limits.timeMs);
    const abort = (): void => this.#end({ kind: 'aborted' });
    signal.addEventListener('abort', abort, { once: true });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (piece: Buffer) => this.#hear(piece));
    this.ended = new Promise<ProcessEnd['end']>((resolve) => this.#whenOver(resolve)).then((end) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      return { output: Buffer.concat(this.#pieces), end: this.#stopped ?? end };
    });
  }

  #whenOver(resolve: (end: ProcessEnd['end']) => void): void {
    this.#child.once('error', ({ message }) => resolve({ kind: 'unstarted', reason: message }));
    this.#child.once('exit', (code, signal) => {
      const end =
        code === null ? { kind: 'signal' as const, signal: signal ?? '' } : { kind: 'exit' as const, code };
      this.#kill();
      const over = (): void => {
        clearTimeout(lingering);
        this.#child.stdout?.destroy();
        this.#child.stderr?.destroy();
        resolve(end);
      };
      const lingering = setTimeout(over, LINGER_MS);
      this.#child.once('close', over);
    });
  }

  #hear(piece: Buffer): void {
    const room = this.#limits.outputBytes - this.#bytes;
    if (room > 0) this.#pieces.push(piece.subarray(0, room));
    this.#bytes += piece.byteLength;
    if (this.#bytes > this.#limits.outputBytes)
      this.#stop(`printed more than ${this.#limits.outputBytes} bytes`);
  }

  #stop(what: string): void {
    this.#end({ kind: 'limit', what });
  }

  #end(why: ProcessEnd['end']): void {
    this.#stopped ??= why;
    this.#kill();
  }

  /** Not after it is over: by then its id may be another's. */
  #kill(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#isOver) return;
    this.#isOver = this.#child.exitCode !== null || this.#child.signalCode !== null;
    killGroup(pid);
  }
}
