import type { PlannedPrompt } from '../template/plan.ts';
import type { Json, JsonObject, JsonSchema } from '../vocabulary.ts';

/**
 * Runs what a hostile template could make slow or huge away from the main thread, under caps of time, memory and
 * output: Handlebars rendering and JSON Schema validation of foreign data.
 */
export interface Isolation {
  /** Strict and unescaped. Throws `PROMPT_VAR_UNKNOWN` or `PROMPT_RENDER_BUDGET`. */
  render(prompt: PlannedPrompt, data: JsonObject): Promise<string>;
  /** Throws `OUTPUT_VALIDATION_BUDGET` when the caps are hit, `SCHEMA_INVALID` when the schema does not compile. */
  validate(schema: JsonSchema, value: Json): Promise<ContractViolation[]>;
  close(): Promise<void>;
}

/** One way in which a value breaks its contract. */
export interface ContractViolation {
  /** RFC 6901 JSON pointer into the value; empty for the root. */
  path: string;
  /** JSON Schema keyword: `required`. */
  keyword: string;
  message: string;
}
