import { validatorOf } from '../contract/validator.ts';
import { violationsOf } from '../contract/violation.ts';
import { checkValueDepth } from '../contract/value-size.ts';
import type { ContractViolation, Isolation } from '../ports/isolation.ts';
import { StepsExhausted } from '../prompt/render-budget.ts';
import { renderPrompt } from '../prompt/render-prompt.ts';
import type { PlannedPrompt } from '../template/plan.ts';
import type { Json, JsonObject, JsonSchema } from '../vocabulary.ts';
import { isHarmless } from './harmless.ts';
import { isolationBusy, isolationClosed } from './isolation.errors.ts';
import { IsolationThread } from './isolation-thread.ts';
import type { PendingJob } from './isolation-thread.ts';
import type { IsolatedJob } from './isolated-job.ts';

export interface IsolationOptions {
  /** Longest processor time of one job once its thread has taken it, in milliseconds; ten times that in wall time. Default 500. */
  timeMs?: number;
  /** Heap of one thread, in MB. Default 128. */
  memoryMb?: number;
  /** Longest rendered prompt, in UTF-8 bytes. Default 1 MiB. */
  outputBytes?: number;
  /** Threads at most; each starts with the first job that needs it. Default 2. */
  threads?: number;
  /** Jobs that may wait; one more is refused with `ISOLATION_BUSY`. Default 1,000. */
  queue?: number;
}

/**
 * Steps that a rendering may take on the main thread: about 2 ms. The renderer is pure and counts every node, item and
 * piece of text it makes, so this is a bound for any prompt and any data; what needs more starts again in a thread.
 */
const INLINE_STEPS = 20_000;

/** Rendering and validation under caps, on a small pool of worker threads. Close it to end the threads. */
export function createIsolation(options: IsolationOptions = {}): Isolation {
  return new ThreadIsolation(options);
}

class ThreadIsolation implements Isolation {
  readonly #caps: Required<IsolationOptions>;
  readonly #threads = new Set<IsolationThread>();
  readonly #waiting: PendingJob[] = [];
  #closed = false;

  constructor(options: IsolationOptions) {
    this.#caps = {
      timeMs: 500,
      memoryMb: 128,
      outputBytes: 1024 * 1024,
      threads: 2,
      queue: 1000,
      ...options,
    };
  }

  async render(prompt: PlannedPrompt, data: JsonObject): Promise<string> {
    if (this.#closed) throw isolationClosed();
    const { outputBytes } = this.#caps;
    try {
      return renderPrompt(prompt, data, { outputBytes, steps: INLINE_STEPS });
    } catch (error) {
      if (!(error instanceof StepsExhausted)) throw error;
    }
    checkValueDepth(data);
    return this.#submit({ kind: 'render', prompt, data, outputBytes }) as Promise<string>;
  }

  async validate(schema: JsonSchema, value: Json): Promise<ContractViolation[]> {
    if (this.#closed) throw isolationClosed();
    const validate = validatorOf(schema);
    if (!isHarmless(schema, value)) {
      checkValueDepth(value);
      return this.#submit({ kind: 'validate', schema, value }) as Promise<ContractViolation[]>;
    }
    return validate(value) ? [] : violationsOf(validate.errors ?? [], value);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const pending of this.#waiting.splice(0)) pending.reject(isolationClosed());
    await Promise.all([...this.#threads].map((thread) => thread.close()));
  }

  #submit(job: IsolatedJob): Promise<string | ContractViolation[]> {
    if (this.#waiting.length >= this.#caps.queue) return Promise.reject(isolationBusy(this.#waiting.length));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const thread = [...this.#threads].find(({ idle }) => idle) ?? this.#grow();
      const pending = thread && this.#waiting.shift();
      if (!thread || !pending) return;
      thread.run(pending);
    }
  }

  #grow(): IsolationThread | undefined {
    if (this.#closed || this.#threads.size >= this.#caps.threads) return undefined;
    const thread = new IsolationThread(this.#caps, (ended) => {
      if (ended.dead) this.#threads.delete(ended);
      this.#dispatch();
    });
    this.#threads.add(thread);
    return thread;
  }
}
