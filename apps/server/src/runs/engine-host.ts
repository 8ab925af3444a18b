import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { toFailure } from '@stagewright/engine';
import type { Engine, Isolation, StageQueue } from '@stagewright/engine';

import type { WorkerLease } from '../workers/worker-lease.ts';
import { ENGINE, ISOLATION, RUN_STORE, STAGE_QUEUE, WORKERS } from './engine.tokens.ts';
import type { SqlRunStore } from './sql-run-store.ts';

const RECOVER_EVERY_MS = 5_000;
/** What is under way is looked after more often; and while the queue is away, work is found by looking for it. */
const LOOK_EVERY_MS = 1_000;
/** A stop takes 30 seconds at most; what is left of them is for giving back what has not ended. */
const GRACE_MS = 25_000;

/**
 * Keeps the engine of this process going: takes up what an earlier process left, looks again on an interval (the
 * tick only wakes the scan, what is due is in the database), and lets work end when the process is asked to stop.
 */
@Injectable()
export class EngineHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger(EngineHost.name);
  #recovering: Promise<void> | null = null;
  #closed = false;
  #next = 0;
  #fault: string | null = null;

  constructor(
    @Inject(ENGINE) private readonly engine: Engine,
    @Inject(ISOLATION) private readonly isolation: Isolation,
    @Inject(RUN_STORE) private readonly store: Pick<SqlRunStore, 'drained'>,
    @Inject(STAGE_QUEUE) private readonly queue: StageQueue & { readonly fault?: string | null },
    @Inject(WORKERS) private readonly lease: Pick<WorkerLease, 'close'>,
  ) {}

  /** Stable code of why work is not found or begun now; null when it is. */
  get fault(): string | null {
    return this.#closed ? 'ENGINE_CLOSED' : this.#fault;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.tick();
  }

  /** Stable code of why work does not go from one process to another now; null when it does, or need not. */
  get queueFault(): string | null {
    return this.queue.fault ?? null;
  }

  @Interval(LOOK_EVERY_MS)
  async look(): Promise<void> {
    if (this.#recovering !== null || this.#closed) return;
    if (performance.now() >= this.#next || this.queueFault !== null) return this.tick();
    await this.#attempt(() => this.engine.lookAgain());
  }

  /** One scan at a time: a slow database is not asked twice. */
  async tick(): Promise<void> {
    if (this.#closed) return;
    this.#next = performance.now() + RECOVER_EVERY_MS;
    this.#recovering ??= this.#recover().finally(() => (this.#recovering = null));
    await this.#recovering;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#closed = true;
    await this.engine.close(GRACE_MS);
    await this.#recovering;
    await this.store.drained();
    await this.lease.close();
    await this.isolation.close();
  }

  async #recover(): Promise<void> {
    await this.#attempt(async () => {
      const found = await this.engine.recover();
      if (found > 0) this.#logger.log(`Took up ${found} run(s) that had work outstanding.`);
    });
  }

  async #attempt(scan: () => Promise<void>): Promise<void> {
    try {
      await scan();
      this.#fault = null;
    } catch (error) {
      this.#fault = toFailure(error).code;
      this.#logger.error({
        message: 'The scan for outstanding work failed; it is tried again.',
        cause: String(error),
      });
    }
  }
}
