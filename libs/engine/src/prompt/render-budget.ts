import { renderBudget } from './prompt.errors.ts';
import { MAX_PROMPT_DEPTH } from './prompt-limits.ts';

export interface RenderCaps {
  /** UTF-8 bytes of the result. */
  outputBytes: number;
  /** Steps of work: one per node, item and helper, and one per 64 characters that are made. */
  steps: number;
}

/** Characters that count as one more step: copying text costs, too. */
const CHARACTERS_PER_STEP = 64;

/** The cap on steps was hit: whoever set it decides whether to go on elsewhere with a higher one. */
export class StepsExhausted extends Error {}

/** Counts what one rendering has used. */
export class RenderBudget {
  readonly #path: string;
  readonly #caps: RenderCaps;
  #steps = 0;
  #characters = 0;
  #depth = 0;

  constructor(path: string, caps: RenderCaps) {
    this.#path = path;
    this.#caps = caps;
  }

  step(count = 1): void {
    this.#steps += count;
    if (this.#steps > this.#caps.steps) throw new StepsExhausted(`more than ${this.#caps.steps} steps`);
  }

  /** Text made on the way that is not output yet. */
  work(text: string): void {
    if (text.length > this.#caps.outputBytes) throw this.#tooMuch();
    this.step(text.length / CHARACTERS_PER_STEP);
  }

  write(text: string): void {
    this.#characters += text.length;
    // A character is at least one byte: this stops early; finish() counts exactly.
    if (this.#characters > this.#caps.outputBytes) throw this.#tooMuch();
    this.step(text.length / CHARACTERS_PER_STEP);
  }

  /** A partial begins. Checked prompts cannot recurse; a plan from elsewhere might. */
  enter(): void {
    this.#depth += 1;
    if (this.#depth > MAX_PROMPT_DEPTH)
      throw renderBudget(this.#path, `partials nest more than ${MAX_PROMPT_DEPTH} deep`);
  }

  leave(): void {
    this.#depth -= 1;
  }

  finish(text: string): string {
    if (Buffer.byteLength(text) > this.#caps.outputBytes) throw this.#tooMuch();
    return text;
  }

  #tooMuch(): Error {
    return renderBudget(this.#path, `it would be longer than ${this.#caps.outputBytes} bytes`);
  }
}
