import type { LaneName } from '../ports/stage-queue.ts';

/** What a task takes while it is under way. Released once; releasing twice does nothing. */
export interface Slot {
  /** Null: the work may begin. Else it was promised a place, and may begin when this resolves. */
  turn(): Promise<void> | null;
  release(): void;
}

export interface LaneLimits {
  /** Tasks at work at once. */
  places: Record<LaneName, number>;
  /** Promises of a place that may be open at once, in each lane. */
  promises: number;
}

/** At most so many tasks at once, by what they wait for: models, or actions. First come, first served. */
export class Lanes {
  readonly #free: Record<LaneName, number>;
  readonly #promisesLeft: Record<LaneName, number>;
  readonly #queue: Record<LaneName, Array<(slot: Slot) => void>> = { ai: [], system: [] };

  constructor({ places, promises }: LaneLimits) {
    this.#free = { ai: Math.max(1, places.ai), system: Math.max(1, places.system) };
    this.#promisesLeft = { ai: promises, system: promises };
  }

  /** A slot that is free now and that nobody waits for; null when there is none. */
  tryTake(lane: LaneName): Slot | null {
    if (this.#free[lane] === 0 || this.#queue[lane].length > 0) return null;
    this.#free[lane] -= 1;
    return this.#slot(lane);
  }

  /** A slot, as soon as one is free. */
  take(lane: LaneName): Promise<Slot> {
    const slot = this.tryTake(lane);
    if (slot !== null) return Promise.resolve(slot);
    return new Promise((resolve) => this.#queue[lane].push(resolve));
  }

  /** A slot that takes its place only when the work begins; null when too many are promised already. */
  tryPromise(lane: LaneName): Slot | null {
    if (this.#promisesLeft[lane] <= 0) return null;
    this.#promisesLeft[lane] -= 1;
    let place: Slot | null = null;
    let held = true;
    return {
      turn: () => {
        place = this.tryTake(lane);
        if (place !== null) return null;
        return this.take(lane).then((taken) => {
          place = taken;
        });
      },
      release: () => {
        if (!held) return;
        held = false;
        this.#promisesLeft[lane] += 1;
        place?.release();
      },
    };
  }

  #slot(lane: LaneName): Slot {
    let held = true;
    return {
      turn: () => null,
      release: () => {
        if (!held) return;
        held = false;
        const next = this.#queue[lane].shift();
        if (next === undefined) this.#free[lane] += 1;
        else next(this.#slot(lane));
      },
    };
  }
}
