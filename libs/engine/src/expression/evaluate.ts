import { canonicalJson } from '../template/canonical.ts';
import type { Scope, Value } from '../template/plan.ts';
import type { Json } from '../vocabulary.ts';
import { EvaluationStop, expressionErrors, fail } from './expression.errors.ts';
import type { CelValue } from './functions.ts';
import { Interpreter } from './interpret.ts';
import type { Variables } from './interpret.ts';
import { Meter } from './meter.ts';
import { parseExpression } from './parse-expression.ts';

/** JSON nodes of one result, so that a small expression cannot give a huge value by repeating a large one. */
const MAX_RESULT_NODES = 500_000;
const MAX_RESULT_TEXT = 33_554_432;

/**
 * The value of a CEL expression (the text between `${{` and `}}`) over the names of a scope. Whole numbers come out as
 * numbers. Throws `EXPRESSION_FAILED` when it has no value and `EXPRESSION_BUDGET` when it goes over a cap.
 */
export function evaluate(source: string, scope: Scope): Json {
  const parsed = parseExpression(source);
  if (parsed.ast === null) {
    const [{ message, hint }] = parsed.problems;
    throw expressionErrors.failed(source, message, hint);
  }
  try {
    const result = new Interpreter(new Meter()).run(parsed.ast, variablesOf(scope));
    return lower(result, { nodes: MAX_RESULT_NODES, text: MAX_RESULT_TEXT });
  } catch (error) {
    if (!(error instanceof EvaluationStop)) throw error;
    if (error.kind === 'budget') throw expressionErrors.budget(source, error.message);
    throw expressionErrors.failed(source, error.message);
  }
}

/** A value of a template over the names of a scope. A lone expression keeps its type; inside text it becomes text. */
export function evaluateValue(value: Value, scope: Scope): Json {
  switch (value.kind) {
    case 'literal':
      return value.value;
    case 'expression':
      return evaluate(value.source, scope);
    case 'text':
      return value.parts
        .map((part) => (typeof part === 'string' ? part : renderText(evaluate(part.source, scope))))
        .join('');
    case 'list':
      return value.items.map((item) => evaluateValue(item, scope));
    case 'map':
      return Object.fromEntries(
        Object.entries(value.entries).map(([key, entry]) => [key, evaluateValue(entry, scope)]),
      );
  }
}

/** How a value reads inside text: strings as they are, null as nothing, lists and objects as canonical JSON. */
export function renderText(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : canonicalJson(value);
}

function variablesOf(scope: Scope): Variables {
  return {
    lookup(name): CelValue | undefined {
      if (scope.item !== undefined) {
        if (name === scope.item.as) return scope.item.value;
        if (name === 'index') return scope.item.index;
      }
      switch (name) {
        case 'inputs':
          return scope.inputs;
        case 'stages':
          return scope.stages;
        case 'run':
          return scope.run;
        case 'result':
          return scope.result;
        default:
          return undefined;
      }
    },
  };
}

/** The result as JSON, copied, so that nobody changes the run through it. */
function lower(value: CelValue, left: { nodes: number; text: number }): Json {
  left.nodes -= 1;
  if (left.nodes < 0 || left.text < 0) throw new EvaluationStop('budget', 'its result is too large.');
  switch (typeof value) {
    case 'string':
      left.text -= value.length;
      return value;
    case 'bigint': {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : fail('its result is a whole number beyond 2^53.');
    }
    case 'number':
      return Number.isFinite(value) ? value : fail('its result is not a finite number.');
    case 'boolean':
      return value;
    default:
      if (value === null) return null;
      if (Array.isArray(value)) return value.map((item) => lower(item, left));
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, lower(item, left)]));
  }
}
