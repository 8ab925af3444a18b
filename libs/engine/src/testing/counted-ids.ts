import type { Ids } from '../ports/ids.ts';

/** Ids that count up: `run-1`, `run-2` ... */
export class CountedIds implements Ids {
  #count = 0;
  readonly #prefix: string;

  constructor(prefix = 'run-') {
    this.#prefix = prefix;
  }

  next(): string {
    this.#count += 1;
    return `${this.#prefix}${this.#count}`;
  }
}
