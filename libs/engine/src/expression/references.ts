import type { ASTNode } from '@marcbachmann/cel-js';
import { COMPREHENSIONS } from './functions.ts';
import { childrenOf } from './parse-expression.ts';

/** A path of names in an expression, as long as its names are known: `stages.outline.output.chapters`. */
export interface Reference {
  path: string[];
  /** Range of the whole path. */
  start: number;
  end: number;
  /** Range of each name that is written in the text. */
  segments: Array<{ start: number; end: number }>;
  /** Names at the front of the path that are not written: what the variable of a list function stands for. */
  skipped: number;
  /** It begins with the variable of a list function. */
  local: boolean;
  /** It is asked for with `has()`, so its last name may be missing. */
  guarded: boolean;
}

/** The list a variable of a list function goes over; null when it is not known. */
type Locals = ReadonlyMap<string, string[] | null>;
type IsArray = (path: string[]) => boolean;

/** All paths of an expression in the order of the text, with the variables of list functions followed to their lists. */
export function collectReferences(root: ASTNode, isArray: IsArray): Reference[] {
  const references: Reference[] = [];
  collect(root, new Map(), { isArray, references });
  return references.sort((a, b) => a.start - b.start);
}

interface Collection {
  isArray: IsArray;
  references: Reference[];
}

function collect(node: ASTNode, locals: Locals, into: Collection): void {
  const chain = chainOf(node);
  if (chain !== null) {
    const reference = toReference(chain, locals);
    if (reference !== null) into.references.push(reference);
    return;
  }
  if (node.op === 'call' && node.args[0] === 'has') {
    for (const argument of node.args[1]) collectGuarded(argument, locals, into);
    return;
  }
  if (node.op === 'rcall' && COMPREHENSIONS.has(node.args[0])) {
    collectComprehension(node.args, locals, into);
    return;
  }
  for (const child of childrenOf(node)) collect(child, locals, into);
}

function collectComprehension(args: [string, ASTNode, ASTNode[]], locals: Locals, into: Collection): void {
  const [, receiver, [variable, ...bodies]] = args;
  collect(receiver, locals, into);
  if (variable?.op !== 'id') return;
  const inner = new Map(locals).set(variable.args, itemPath(receiver, locals, into.isArray));
  for (const body of bodies) collect(body, inner, into);
}

/** What an item of the list is that an expression gives, as a path; null when that is not known. */
export function itemPathOf(root: ASTNode, isArray: IsArray): string[] | null {
  return itemPath(root, new Map(), isArray);
}

/** What one item of a receiver is, as a path; `filter` gives items of the list it filters. */
function itemPath(receiver: ASTNode, locals: Locals, isArray: IsArray): string[] | null {
  if (receiver.op === 'rcall' && receiver.args[0] === 'filter')
    return itemPath(receiver.args[1], locals, isArray);
  const chain = chainOf(receiver);
  const reference = chain === null ? null : toReference(chain, locals);
  return reference !== null && isArray(reference.path) ? [...reference.path, '[]'] : null;
}

function collectGuarded(node: ASTNode, locals: Locals, into: Collection): void {
  const before = into.references.length;
  collect(node, locals, into);
  for (const reference of into.references.slice(before)) reference.guarded = true;
}

interface Chain {
  names: string[];
  segments: Array<{ start: number; end: number }>;
  start: number;
  end: number;
}

function chainOf(node: ASTNode): Chain | null {
  switch (node.op) {
    case 'id':
      return {
        names: [node.args],
        segments: [{ start: node.start, end: node.end }],
        start: node.start,
        end: node.end,
      };
    case '.':
      return longer(
        chainOf(node.args[0]),
        node.args[1],
        { start: node.end - node.args[1].length, end: node.end },
        node,
      );
    case '[]': {
      const key = node.args[1];
      if (key.op !== 'value') return null;
      const name = typeof key.args === 'string' || typeof key.args === 'bigint' ? String(key.args) : null;
      return name === null
        ? null
        : longer(chainOf(node.args[0]), name, { start: key.start, end: key.end }, node);
    }
    default:
      return null;
  }
}

function longer(
  chain: Chain | null,
  name: string,
  at: { start: number; end: number },
  node: ASTNode,
): Chain | null {
  if (chain === null) return null;
  return {
    names: [...chain.names, name],
    segments: [...chain.segments, at],
    start: chain.start,
    end: node.end,
  };
}

/** Null for a variable of a list function over an unknown list. */
function toReference(chain: Chain, locals: Locals): Reference | null {
  const [root = '', ...rest] = chain.names;
  const { segments, start, end } = chain;
  if (!locals.has(root)) {
    return { path: chain.names, start, end, segments, skipped: 0, local: false, guarded: false };
  }
  const item = locals.get(root) ?? null;
  if (item === null) return null;
  return {
    path: [...item, ...rest],
    start,
    end,
    segments,
    skipped: item.length - 1,
    local: true,
    guarded: false,
  };
}
