import type { StagewrightError } from '@stagewright/engine';

import { egressErrors } from './egress.errors.ts';

/** The clocks of one call: how long it takes in all, and how long it stands still once the answer has begun. */
export class CallTimes {
  /** Why the call was ended from here; undefined while it was not. */
  reason: StagewrightError | undefined;
  readonly #stop = new AbortController();
  readonly #origin: string;
  readonly #idleMs: number;
  readonly #total: NodeJS.Timeout;
  readonly #outer: AbortSignal | undefined;
  #idle: NodeJS.Timeout | undefined;
  #began = false;

  constructor(
    origin: string,
    { totalMs, idleMs }: { totalMs: number; idleMs: number },
    outer: AbortSignal | undefined,
  ) {
    this.#origin = origin;
    this.#idleMs = idleMs;
    this.#total = setTimeout(() => this.#totalIsUp(totalMs), totalMs);
    this.#outer = outer;
    if (outer?.aborted === true) this.#calledOff();
    else outer?.addEventListener('abort', this.#calledOff, { once: true });
  }

  /** Aborts when one of the times is up, or when the caller calls the request off. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** The status line and the headers are there. */
  answerBegan(): void {
    this.#began = true;
    this.moved();
  }

  /** A piece of the answer came. */
  moved(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(
      () => this.#end(egressErrors.tooSlow(this.#origin, `nothing came for ${this.#idleMs} ms`)),
      this.#idleMs,
    );
  }

  /** All of it is there; to unpack it takes the time that is left. */
  arrived(): void {
    clearTimeout(this.#idle);
  }

  end(): void {
    clearTimeout(this.#total);
    clearTimeout(this.#idle);
    this.#outer?.removeEventListener('abort', this.#calledOff);
  }

  readonly #calledOff = (): void => this.#end(egressErrors.aborted(this.#origin));

  #totalIsUp(totalMs: number): void {
    this.#end(
      this.#began
        ? egressErrors.tooSlow(this.#origin, `it did not end within ${totalMs} ms`)
        : egressErrors.timeout(this.#origin, totalMs),
    );
  }

  #end(reason: StagewrightError): void {
    this.reason ??= reason;
    this.#stop.abort(reason);
  }
}
