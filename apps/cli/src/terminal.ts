import type { Readable, Writable } from 'node:stream';

/** What a command may touch of the process it runs in. Tests hand in their own. */
export interface Terminal {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean; columns?: number };
  stderr: Writable & { isTTY?: boolean };
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** Aborts when the user interrupts. */
  signal: AbortSignal;
  /** What the process will exit with: 0 fine, 1 the thing checked or run failed, 2 wrong use. */
  exitCode: 0 | 1 | 2;
}

export function print(terminal: Terminal, text: string): void {
  terminal.stdout.write(`${text}\n`);
}

export function printError(terminal: Terminal, text: string): void {
  terminal.stderr.write(`${text}\n`);
}

export function printJson(terminal: Terminal, value: unknown): void {
  terminal.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Both ends are a person's terminal: questions may be asked. */
export function isInteractive(terminal: Terminal): boolean {
  return terminal.stdin.isTTY === true && terminal.stdout.isTTY === true;
}
