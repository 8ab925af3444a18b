/** What a task takes while it is under way. Released once; releasing twice does nothing. */
export interface Slot {
  release(): void;
}

export type LaneName = 'ai' | 'system';

/** At most so many tasks at once, by what they wait for: models, or actions. First come, first served. */
export class Lanes {
  readonly #free: Record<LaneName, number>;
  readonly #queue: Record<LaneName, Array<(slot: Slot) => void>> = { ai: [], system: [] };

  constructor(limits: Record<LaneName, number>) {
    this.#free = { ai: Math.max(1, limits.ai), system: Math.max(1, limits.system) };
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

  #slot(lane: LaneName): Slot {
    let held = true;
    return {
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
