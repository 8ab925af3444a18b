import { Environment, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import type { JsonSchema } from '../vocabulary.ts';
import { BoundedCache } from './bounded-cache.ts';
import { celTypeOf } from './cel-type.ts';
import type { ExpressionProblem } from './expression.errors.ts';
import { LIMITS, parseExpression } from './parse-expression.ts';
import { collectReferences, itemPathOf } from './references.ts';
import type { Reference } from './references.ts';

/** What a path of names leads to, as far as contracts say. */
export type Resolution =
  /** `maybe`: it may also be null or missing, or nobody knows; `schema` is what it is when it is there. */
  | { found: 'yes' | 'maybe'; schema: JsonSchema | null }
  /** `segment` is the position of the first wrong name in the path. */
  | { found: 'no'; code: string; message: string; hint?: string; segment: number };

/** The names an expression can see, and what they hold. */
export interface Names {
  resolve(path: string[]): Resolution;
  /** Whether a stage of this id exists, for names with a hyphen. */
  hasStage(id: string): boolean;
}

export interface CheckedExpression {
  problems: ExpressionProblem[];
  /** CEL type of the result, such as `list<string>`, `dyn` when unknown; null when there are problems. */
  type: string | null;
}

/** Checks an expression against the names it can see: syntax, names, paths, then types. */
export function checkExpression(source: string, names: Names): CheckedExpression {
  const parsed = parseExpression(source);
  if (parsed.ast === null) return { problems: parsed.problems, type: null };
  const references = collectReferences(parsed.ast, (path) => arrayAt(names, path));
  const hyphen = hyphenProblem(source, references, names);
  if (hyphen !== null) return { problems: [hyphen], type: null };
  const problems = references.flatMap((reference) => referenceProblem(reference, names));
  if (problems.length > 0) return { problems, type: null };
  return checkTypes(source, references, names);
}

function arrayAt(names: Names, path: string[]): boolean {
  const resolution = names.resolve(path);
  return resolution.found !== 'no' && resolution.schema?.['type'] === 'array';
}

function referenceProblem(reference: Reference, names: Names): ExpressionProblem[] {
  const resolution = names.resolve(reference.path);
  if (resolution.found !== 'no') return [];
  if (reference.guarded && resolution.segment === reference.path.length - 1 && reference.path.length > 2)
    return [];
  const at = reference.segments[Math.max(0, resolution.segment - reference.skipped)] ?? reference;
  const { code, message, hint } = resolution;
  return [{ code, message, hint, start: at.start, end: at.end }];
}

/** `stages.my-stage.output` is a subtraction to CEL: say how it is written instead of complaining about both halves. */
function hyphenProblem(source: string, references: Reference[], names: Names): ExpressionProblem | null {
  for (const { path, segments } of references) {
    const [root, stage] = path;
    const segment = segments[1];
    if (root !== 'stages' || stage === undefined || segment === undefined || names.hasStage(stage)) continue;
    const rest = /^(-[a-z0-9_]+)+/.exec(source.slice(segment.end))?.[0];
    if (rest === undefined || !names.hasStage(stage + rest)) continue;
    return {
      code: 'EXPRESSION_HYPHEN',
      message: `"stages.${stage}${rest}" is a subtraction, not a stage.`,
      hint: `Write stages["${stage}${rest}"].`,
      start: segment.start,
      end: segment.end + rest.length,
    };
  }
  return null;
}

const base = makeBase();
const checked = new BoundedCache<CheckedExpression>(2_000);

function makeBase(): Environment {
  const environment = new Environment({ homogeneousAggregateLiterals: false, limits: LIMITS });
  for (const [left, right] of [
    ['int', 'double'],
    ['double', 'int'],
  ]) {
    for (const operator of ['+', '-', '*', '/']) {
      environment.registerOperator(`${left} ${operator} ${right}: double`, (a: unknown) => a);
    }
  }
  return environment;
}

/**
 * Types are checked on a copy of the text in which every path is one variable of the type that its contract gives it,
 * padded to the same length so that positions stay right.
 */
function checkTypes(source: string, references: Reference[], names: Names): CheckedExpression {
  const variables = new Map<string, string>();
  let text = source;
  for (const reference of references) {
    if (reference.local) continue;
    const [root = ''] = reference.path;
    if (reference.guarded) {
      // The argument of has() must stay a path, so its root is declared as it is.
      if (!variables.has(root)) variables.set(root, 'dyn');
      continue;
    }
    const type = typeAt(reference, names);
    const length = reference.end - reference.start;
    const name = reference.path.length === 1 ? root : freshName(source, variables.size);
    variables.set(name, type);
    text = text.slice(0, reference.start) + name.padEnd(length) + text.slice(reference.end);
  }
  const key = JSON.stringify([text, ...variables]);
  return checked.get(key, () => runCheck(text, variables));
}

function typeAt(reference: Reference, names: Names): string {
  const resolution = names.resolve(reference.path);
  return resolution.found === 'yes' ? celTypeOf(resolution.schema) : 'dyn';
}

/** Three characters, so that it fits in place of the shortest path, `a.b`. */
function freshName(source: string, taken: number): string {
  for (let number = taken; ; number += 1) {
    const name = `_${number.toString(36).padStart(2, '0')}`;
    if (!source.includes(name)) return name;
  }
}

function runCheck(text: string, variables: Map<string, string>): CheckedExpression {
  const environment = base.clone();
  for (const [name, type] of variables) environment.registerVariable(name, type);
  const result = environment.check(text);
  if (result.valid) return { problems: [], type: result.type ?? 'dyn' };
  const error = result.error;
  const at = error?.node ?? error?.range;
  const start = Math.min(at?.start ?? 0, text.length);
  return {
    problems: [
      {
        code: 'EXPRESSION_TYPE',
        message: `${typeMessage(error)}.`,
        start,
        end: Math.max(start, Math.min(at?.end ?? text.length, text.length)),
      },
    ],
    type: null,
  };
}

function typeMessage(error: unknown): string {
  if (!(error instanceof CelTypeError)) return 'The types of the expression do not fit';
  const operator = /^no such overload: (.+)$/.exec(error.summary)?.[1];
  if (operator !== undefined) return `These types do not go together: ${operator}`;
  const call = /^found no matching overload for '(.+)'$/.exec(error.summary)?.[1];
  if (call !== undefined) return `There is no ${call} for these types`;
  return error.summary.replace(/[.]$/, '');
}

/** The contract of one item of the list that an expression gives; null when it is not known. */
export function itemSchemaOf(source: string, names: Names): JsonSchema | null {
  const parsed = parseExpression(source);
  if (parsed.ast === null) return null;
  const path = itemPathOf(parsed.ast, (list) => arrayAt(names, list));
  const resolution = path === null ? null : names.resolve(path);
  return resolution === null || resolution.found === 'no' ? null : resolution.schema;
}
