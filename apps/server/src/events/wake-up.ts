/** A bell that one reader waits at. Rung while nobody waits, it rings for the next one who comes. */
export class WakeUp {
  #rung = false;
  #ring: (() => void) | null = null;

  readonly ring = (): void => {
    this.#rung = true;
    this.#ring?.();
  };

  /** Waits for the bell, at most `ms`. */
  async wait(ms: number): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#ring = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#ring = null;
    }
    this.#rung = false;
  }
}
