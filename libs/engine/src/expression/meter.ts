import { EvaluationStop } from './expression.errors.ts';

/** Steps of one evaluation: about 30 ms of work. */
export const MAX_STEPS = 250_000;
/** Items of a list that an expression makes. */
export const MAX_LIST = 10_000;
/** Characters of a text that an expression makes or reads. */
export const MAX_TEXT = 1_048_576;

/** Counts what an evaluation uses, and stops it at a cap. */
export class Meter {
  #left: number = MAX_STEPS;

  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new EvaluationStop('budget', `it needs more than ${MAX_STEPS} steps.`);
  }

  list(items: number): void {
    if (items > MAX_LIST)
      throw new EvaluationStop('budget', `it makes a list of more than ${MAX_LIST} items.`);
    this.spend(items);
  }

  text(length: number): void {
    if (length > MAX_TEXT) {
      throw new EvaluationStop('budget', `it handles a text of more than ${MAX_TEXT} characters.`);
    }
    this.spend(1 + (length >> 4));
  }
}
