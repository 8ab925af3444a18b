import { Worker } from 'node:worker_threads';
import type { ContractViolation } from '../ports/isolation.ts';
import type { IsolatedJob } from './isolated-job.ts';
import { budgetExceeded, isolationClosed, threadFailed, unpackError } from './isolation.errors.ts';
import type { SentError } from './isolation.errors.ts';

export type ThreadMessage =
  | { kind: 'ready' }
  | { kind: 'started' }
  | { kind: 'done'; result: string | ContractViolation[] }
  | { kind: 'failed'; error: SentError };

export interface ThreadCaps {
  /** Processor time of one job from the moment its thread takes it, in milliseconds. */
  timeMs: number;
  memoryMb: number;
}

/** A job with the promise that waits for it. */
export interface PendingJob {
  job: IsolatedJob;
  resolve(result: string | ContractViolation[]): void;
  reject(error: Error): void;
}

/** Time to load the thread's code and take the first job: the machine's business, so generous. */
const START_MS = 20_000;

/** Wall time of a job in multiples of its processor time: on a crowded machine a thread waits more than it works. */
const CROWDED = 10;
/** Shortest wait before processor time is looked at again, in milliseconds. */
const LOOK_AGAIN_MS = 20;

/** The worker beside this file: TypeScript when running from source (Node strips the types), JavaScript when built. */
const workerUrl = (): URL =>
  new URL(
    import.meta.url.endsWith('.ts') ? './isolation.worker.ts' : './isolation.worker.js',
    import.meta.url,
  );

/** One worker thread and the job it is doing. Dies with the first job that hits a cap; the pool makes a new one. */
export class IsolationThread {
  readonly #caps: ThreadCaps;
  readonly #ended: (thread: IsolationThread) => void;
  readonly #worker: Worker;
  #current: PendingJob | null = null;
  #timer: NodeJS.Timeout | undefined;
  #dead = false;

  /** `ended` is called after each job, and once when the thread has died. */
  constructor(caps: ThreadCaps, ended: (thread: IsolationThread) => void) {
    this.#caps = caps;
    this.#ended = ended;
    this.#worker = new Worker(workerUrl(), {
      // Nothing of the process is handed in: no environment, no arguments, no loaders of a test runner.
      env: {},
      argv: [],
      execArgv: ['--no-warnings'],
      resourceLimits: { maxOldGenerationSizeMb: caps.memoryMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    });
    this.#worker.on('message', (message: ThreadMessage) => this.#hear(message));
    this.#worker.on('error', (error) => this.#die(this.#fault(error)));
    this.#worker.on('exit', (code) => this.#die(threadFailed(`exit code ${code}`)));
    this.#worker.unref();
  }

  get idle(): boolean {
    return !this.#dead && this.#current === null;
  }

  get dead(): boolean {
    return this.#dead;
  }

  run(pending: PendingJob): void {
    this.#current = pending;
    // Whoever waits for a job keeps the process alive; an idle thread does not.
    this.#worker.ref();
    this.#arm(START_MS, () => threadFailed('it did not start in time'));
    try {
      this.#worker.postMessage(pending.job);
    } catch (error) {
      this.#settle((job) => job.reject(threadFailed(error)));
    }
  }

  async close(): Promise<void> {
    this.#die(isolationClosed());
    await this.#worker.terminate();
  }

  #hear(message: ThreadMessage): void {
    const pending = this.#current;
    if (pending === null || message.kind === 'ready') return;
    if (message.kind === 'started') void this.#watch(pending);
    else if (message.kind === 'done') this.#settle((job) => job.resolve(message.result));
    else this.#settle((job) => job.reject(unpackError(message.error)));
  }

  /**
   * Ends the job when its thread has worked for its time. Wall time alone would end an innocent job, the first of a cold thread on a busy machine for
   * one; it only ends what does not get anywhere.
   */
  async #watch(pending: PendingJob): Promise<void> {
    const { timeMs } = this.#caps;
    const tooLong = () => budgetExceeded(pending.job, `it took longer than ${timeMs} ms`);
    this.#arm(timeMs * CROWDED, tooLong);
    const before = await this.#workedMs();
    let worked = 0;
    while (worked < timeMs) {
      await new Promise((look) => setTimeout(look, Math.max(LOOK_AGAIN_MS, timeMs - worked)).unref());
      if (this.#current !== pending || this.#dead) return;
      worked = (await this.#workedMs()) - before;
    }
    if (this.#current === pending) this.#end(tooLong());
  }

  /** Processor time of the thread since it began, in milliseconds. The thread answers while it computes, too. */
  async #workedMs(): Promise<number> {
    try {
      const { user, system } = await this.#worker.cpuUsage();
      return (user + system) / 1000;
    } catch {
      // The thread has just ended: whatever it did, nobody waits for it any more.
      return 0;
    }
  }

  #end(fault: Error): void {
    this.#die(fault);
    void this.#worker.terminate();
  }

  /** Real time, not the clock port: this bounds what a hostile input costs the machine, it decides nothing in a run. */
  #arm(ms: number, fault: () => Error): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(fault()), ms);
  }

  #fault(error: unknown): Error {
    const memory = (error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY';
    return memory && this.#current
      ? budgetExceeded(this.#current.job, `it needed more than ${this.#caps.memoryMb} MB`)
      : threadFailed(error);
  }

  #settle(tell: (pending: PendingJob) => void): void {
    clearTimeout(this.#timer);
    const pending = this.#current;
    this.#current = null;
    if (!this.#dead) this.#worker.unref();
    if (pending) tell(pending);
    this.#ended(this);
  }

  #die(fault: Error): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#settle((pending) => pending.reject(fault));
  }
}
