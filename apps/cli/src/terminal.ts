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

const ESCAPE = '\u001b';
/** A control character, with what would follow it in a colour; or a mark that turns the direction of text. */
const UNPRINTABLE = /\p{Cc}(\[[\d;]{0,20}m)?|[\u202a-\u202e\u2066-\u2069]/gu;

export function print(terminal: Terminal, text: string): void {
  terminal.stdout.write(`${printable(text, usesColour(terminal))}\n`);
}

export function printError(terminal: Terminal, text: string): void {
  terminal.stderr.write(`${printable(text, false)}\n`);
}

export function printJson(terminal: Terminal, value: unknown): void {
  terminal.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Both ends are a person's terminal: questions may be asked. */
export function isInteractive(terminal: Terminal): boolean {
  return terminal.stdin.isTTY === true && terminal.stdout.isTTY === true;
}

/** Colours are for terminals, unless NO_COLOR (https://no-color.org) is set; FORCE_COLOR asks for them elsewhere. */
export function usesColour({ env, stdout }: Pick<Terminal, 'env' | 'stdout'>): boolean {
  if (isSet(env['NO_COLOR'])) return false;
  if (isSet(env['FORCE_COLOR'])) return env['FORCE_COLOR'] !== '0';
  return stdout.isTTY === true && env['TERM'] !== 'dumb';
}

/**
 * Text as it may go to a terminal. What is shown comes from models, servers and files of others: colours pass where they are
 * wanted, but nothing that moves the cursor, sets a title, rings, or turns the direction of writing.
 */
export function printable(text: string, withColour: boolean): string {
  return text.replace(UNPRINTABLE, (found: string, colour: string | undefined) => {
    if (found === '\n' || found === '\t') return found;
    if (colour === undefined) return '';
    return withColour && found.startsWith(ESCAPE) ? found : '';
  });
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

/** Resolves when the user asks to stop. */
export async function interrupted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));
}
