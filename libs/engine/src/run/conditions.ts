import { evaluate } from '../expression/index.ts';
import { toFailure } from '../errors/stagewright-error.ts';
import type { Plan, PlannedStage } from '../template/plan.ts';
import type { Failure, Json } from '../vocabulary.ts';
import { finalFailure } from './failing.ts';
import type { Run } from './run.ts';
import { scopeFor } from './scope.ts';

/** Longest list that `forEach` takes. */
export const MAX_ITEMS = 1_000;

/** What an `if` says; a failure when it cannot be evaluated or is not a yes or no. */
export function holds(source: string | null, plan: Plan, run: Run): boolean | Failure {
  if (source === null) return true;
  try {
    const value = evaluate(source, scopeFor(plan, run));
    if (typeof value === 'boolean') return value;
    return finalFailure(
      'EXPRESSION_FAILED',
      `\`if: ${source}\` gave ${nameOf(value)}, not true or false.`,
      'Compare the value with something: `size(list) > 0`, `text != ""`.',
    );
  } catch (error) {
    return expressionFailure(error);
  }
}

/** The items of `forEach`; null for a stage with a single task; a failure when there is no such list. */
export function itemsOf(stage: PlannedStage, plan: Plan, run: Run): Json[] | null | Failure {
  if (stage.forEach === null) return null;
  let value: Json;
  try {
    value = evaluate(stage.forEach.source, scopeFor(plan, run));
  } catch (error) {
    return expressionFailure(error);
  }
  if (!Array.isArray(value)) {
    return finalFailure(
      'EXPRESSION_FAILED',
      `forEach of stage "${stage.id}" gave ${nameOf(value)}, not a list.`,
      'Give `forEach` an expression that yields a list.',
    );
  }
  if (value.length > MAX_ITEMS) {
    return finalFailure(
      'FOREACH_TOO_MANY',
      `forEach of stage "${stage.id}" gave ${value.length} items; at most ${MAX_ITEMS} are taken.`,
      'Make the list shorter, or work on groups of items.',
    );
  }
  return value;
}

/** The failure of an expression. Its own message says what and where; the code is always the same. */
export function expressionFailure(error: unknown, code = 'EXPRESSION_FAILED'): Failure {
  return { ...toFailure(error), code, retryable: false };
}

function nameOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}
