import { validateTrusted } from '../contract/validator.ts';
import type { ContractViolation } from '../ports/isolation.ts';
import { renderPrompt } from '../prompt/render-prompt.ts';
import type { PlannedPrompt } from '../template/plan.ts';
import type { Json, JsonObject, JsonSchema } from '../vocabulary.ts';

/** What a thread is asked to do. */
export type IsolatedJob =
  | { kind: 'render'; prompt: PlannedPrompt; data: JsonObject; outputBytes: number }
  | { kind: 'validate'; schema: JsonSchema; value: Json };

/** Carries a job out where it is called, with no cap on time: the thread's owner holds the clock. */
export function carryOut(job: IsolatedJob): string | ContractViolation[] {
  if (job.kind === 'validate') return validateTrusted(job.schema, job.value);
  return renderPrompt(job.prompt, job.data, {
    outputBytes: job.outputBytes,
    steps: Number.POSITIVE_INFINITY,
  });
}
