import { Environment, ParseError } from '@marcbachmann/cel-js';
import type { ASTNode } from '@marcbachmann/cel-js';
import { BoundedCache } from './bounded-cache.ts';
import type { ExpressionProblem } from './expression.errors.ts';
import { CALLS, COMPREHENSIONS, METHODS } from './functions.ts';
import { nearest } from '../errors/nearest.ts';

export type { ASTNode } from '@marcbachmann/cel-js';

/** Characters of one expression. */
export const MAX_SOURCE = 2_000;
/** `list.map(x, other.filter(y, ...))` is two deep. */
export const MAX_COMPREHENSION_DEPTH = 2;
/** Structural limits of the parser. */
export const LIMITS = {
  maxAstNodes: 400,
  maxDepth: 32,
  maxListElements: 100,
  maxMapEntries: 100,
  maxCallArguments: 8,
};

export type ParsedExpression =
  { ast: ASTNode; problems: [] } | { ast: null; problems: [ExpressionProblem, ...ExpressionProblem[]] };

const grammar = new Environment({
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
  limits: LIMITS,
});
const parsed = new BoundedCache<ParsedExpression>(2_000);

/** Parses the text between `${{` and `}}`: syntax, size, and only functions that are offered. Cached by text. */
export function parseExpression(source: string): ParsedExpression {
  return parsed.get(source, () => parseFresh(source));
}

function parseFresh(source: string): ParsedExpression {
  if (source.length > MAX_SOURCE) {
    return refused({
      code: 'EXPRESSION_TOO_LARGE',
      message: `The expression has ${source.length} characters; at most ${MAX_SOURCE} are allowed.`,
      hint: 'Split it, or let an action do the work.',
      start: 0,
      end: source.length,
    });
  }
  if (source.trim() === '') {
    return refused({
      code: 'EXPRESSION_SYNTAX',
      message: 'The expression is empty.',
      start: 0,
      end: source.length,
    });
  }
  try {
    const { ast } = grammar.parse(source);
    const problems = refusedCalls(ast, 0);
    const [first, ...rest] = problems;
    return first === undefined ? { ast, problems: [] } : refused(first, ...rest);
  } catch (error) {
    return refused(syntaxProblem(source, error));
  }
}

function refused(first: ExpressionProblem, ...rest: ExpressionProblem[]): ParsedExpression {
  return { ast: null, problems: [first, ...rest] };
}

function syntaxProblem(source: string, error: unknown): ExpressionProblem {
  if (!(error instanceof ParseError)) throw error;
  const start = Math.min(error.range?.start ?? 0, source.length);
  const end = Math.max(start, Math.min(error.range?.end ?? source.length, source.length));
  if (error.code === 'limit_exceeded') {
    return {
      code: 'EXPRESSION_TOO_LARGE',
      message: 'The expression is too large or too deeply nested.',
      hint: 'Split it, or let an action do the work.',
      start,
      end,
    };
  }
  if (source.slice(start).trim() === '') {
    return { code: 'EXPRESSION_SYNTAX', message: 'The expression ends too early.', hint: HINT, start, end };
  }
  const found = source.slice(start, Math.max(end, start + 1));
  const message =
    error.code === 'unexpected_token'
      ? `The expression has an unexpected "${found}".`
      : sentence(error.summary);
  return { code: 'EXPRESSION_SYNTAX', message, hint: HINT, start, end };
}

const HINT = 'Expressions are written in CEL.';

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Children of a node, receivers first. */
export function childrenOf(node: ASTNode): ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'list':
      return node.args;
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

function refusedCalls(node: ASTNode, depth: number): ExpressionProblem[] {
  const comprehension = node.op === 'rcall' && COMPREHENSIONS.has(node.args[0]);
  const inner = comprehension ? depth + 1 : depth;
  if (inner > MAX_COMPREHENSION_DEPTH) {
    return [
      {
        code: 'EXPRESSION_TOO_LARGE',
        message: `List functions may be nested at most ${MAX_COMPREHENSION_DEPTH} deep.`,
        hint: 'Let an action do the work.',
        start: node.start,
        end: node.end,
      },
    ];
  }
  const own = refusedCall(node);
  if (own !== null) return [own];
  if (comprehension && node.op === 'rcall') {
    const [, receiver, args] = node.args;
    return [...refusedCalls(receiver, depth), ...args.flatMap((argument) => refusedCalls(argument, inner))];
  }
  return childrenOf(node).flatMap((child) => refusedCalls(child, inner));
}

function refusedCall(node: ASTNode): ExpressionProblem | null {
  if (node.op === 'value' && (node.args instanceof Uint8Array || isUnsigned(node.args))) {
    return {
      code: 'EXPRESSION_SYNTAX',
      message: 'Byte strings and unsigned numbers have no JSON form and are not allowed.',
      start: node.start,
      end: node.end,
    };
  }
  if (node.op !== 'call' && node.op !== 'rcall') return null;
  const name = node.args[0];
  const offered = node.op === 'call' ? CALLS : METHODS;
  if (offered.has(name)) return null;
  const other = nearest(name, offered);
  const form = node.op === 'call' ? `${name}()` : `.${name}()`;
  return {
    code: 'EXPRESSION_FUNCTION_UNKNOWN',
    message: `There is no function ${form}.`,
    hint: other === null ? `There are: ${[...offered].sort().join(', ')}.` : `Did you mean "${other}"?`,
    start: node.start,
    end: node.end,
  };
}

function isUnsigned(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
