import type { JsonObject, RunId, RunState, RunView } from '@stagewright/engine';

import type { Stand } from './stand.ts';

/** Starts runs through the public run service and hears when they have come to a state. */
export class Driver {
  readonly #stand: Stand;
  readonly #until: RunState;
  readonly #waiting = new Map<RunId, () => void>();
  readonly #early = new Set<RunId>();
  readonly #stop: () => void;

  constructor(stand: Stand, until: RunState) {
    this.#stand = stand;
    this.#until = until;
    this.#stop = stand.onEntry(({ run, state }) => {
      if (state !== this.#until) return;
      const resolve = this.#waiting.get(run);
      this.#waiting.delete(run);
      if (resolve === undefined) this.#early.add(run);
      else resolve();
    });
  }

  /** Resolves when the run is there; rejects when it cannot be created. */
  async run(template: string, inputs: JsonObject = {}): Promise<RunId> {
    const { id } = await this.#stand.runs.create(this.#stand.owner, { template, inputs });
    await this.reached(id);
    return id;
  }

  /** Resolves at once when the run came there since this driver listens. */
  reached(id: RunId): Promise<void> {
    if (this.#early.delete(id)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  /** The run as people see it; throws unless its output is this. */
  async check(id: RunId, n: number): Promise<RunView> {
    const view = await this.#stand.runs.get(this.#stand.owner, id);
    if (view.state !== 'done' || view.outputs?.['n'] !== n)
      throw new Error(
        `Run ${id} ended ${view.state} with ${JSON.stringify(view.outputs)}, not with n = ${n}.`,
      );
    return view;
  }

  close(): void {
    this.#stop();
  }
}

/** Calls `one` for 0 .. count-1 with at most `inFlight` under way. */
export async function inFlight<T>(
  count: number,
  most: number,
  one: (index: number) => Promise<T>,
): Promise<T[]> {
  const answers = new Array<T>(count);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      answers[index] = await one(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, count) }, lane));
  return answers;
}

export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}
