import { PassThrough } from 'node:stream';
import type { Terminal } from '../terminal.ts';

/** A terminal for specs: what was written to it can be read back. */
export interface FakeTerminal extends Terminal {
  stdin: PassThrough & { isTTY?: boolean };
  out(): string;
  err(): string;
  interrupt(): void;
}

export function fakeTerminal(
  given: Partial<Pick<Terminal, 'env' | 'cwd'>> & { isTTY?: boolean } = {},
): FakeTerminal {
  const stop = new AbortController();
  const [stdin, stdout, stderr] = [new PassThrough(), recording(), recording()];
  if (given.isTTY === true) {
    Object.assign(stdin, { isTTY: true, setRawMode: () => stdin });
    Object.assign(stdout.stream, { isTTY: true, columns: 100, rows: 40 });
  }
  return {
    stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: given.env ?? {},
    cwd: given.cwd ?? process.cwd(),
    signal: stop.signal,
    exitCode: 0,
    out: stdout.text,
    err: stderr.text,
    interrupt: () => stop.abort(),
  };
}

function recording(): { stream: PassThrough; text: () => string } {
  const stream = new PassThrough();
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { stream, text: () => text };
}
