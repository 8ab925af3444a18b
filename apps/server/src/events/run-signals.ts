import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import type { Engine, RunId } from '@stagewright/engine';

import { ENGINE } from '../runs/engine.tokens.ts';

/**
 * Wakes who reads a run's journal when this process committed to it. It carries no data: what is sent is always read
 * from the database, so a signal too many does nothing and a signal too few costs only the poll's delay.
 */
@Injectable()
export class RunSignals implements OnModuleInit, OnModuleDestroy {
  readonly #waiting = new Map<RunId, Set<() => void>>();
  readonly #closing = new AbortController();
  #unsubscribe: () => void = () => undefined;

  constructor(@Inject(ENGINE) private readonly engine: Engine) {}

  /** Aborts when the process is asked to stop: streams end then. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  onModuleInit(): void {
    this.#unsubscribe = this.engine.onEntry(({ run }) => this.#waiting.get(run)?.forEach((wake) => wake()));
  }

  onModuleDestroy(): void {
    this.#unsubscribe();
    this.#closing.abort();
  }

  /** Calls `wake` after each commit to the run by this process; returns how to stop. */
  listen(run: RunId, wake: () => void): () => void {
    const listeners = this.#waiting.get(run) ?? new Set();
    this.#waiting.set(run, listeners.add(wake));
    return () => {
      listeners.delete(wake);
      if (listeners.size === 0 && this.#waiting.get(run) === listeners) this.#waiting.delete(run);
    };
  }
}
