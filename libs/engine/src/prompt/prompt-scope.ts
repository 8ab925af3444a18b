import type { PathReference } from './prompt-node.ts';

/** What a path points at, as far as it can be told before rendering. */
export type Target =
  /** An absolute path from the data; `[]` is any item. */
  | { kind: 'path'; path: string[] }
  /** Known to exist, of unknown shape: the result of a helper. */
  | { kind: 'unknown' }
  /** A number, text or boolean without anything inside: `@index`. */
  | { kind: 'scalar' }
  /** A context with values laid over it: what a partial sees. */
  | { kind: 'overlay'; base: Target; values: ReadonlyMap<string, Target> };

/** What names mean at one point of a prompt. Immutable; entering a block makes a new one. */
export interface PromptScope {
  /** Innermost first; the last is the data itself (or what a partial was given). */
  contexts: Target[];
  params: ReadonlyMap<string, Target>;
  /** How many `each` are around. */
  loops: number;
}

export const LOOP_DATA: ReadonlySet<string> = new Set(['index', 'key', 'first', 'last']);

export type Resolution =
  | {
      found: Target;
      /** Relative to the outermost context: what front matter must declare. */ outermost: string[] | null;
    }
  | { missing: string; hint?: string };

/** Follows a path in a scope, without asking whether the data has it. */
export function resolvePath(reference: PathReference, scope: PromptScope): Resolution {
  const { segments, depth } = reference;
  if (reference.origin === 'data') return resolveLoopData(reference, scope);
  if (reference.origin === 'root') return { found: { kind: 'path', path: segments }, outermost: null };
  const [head = '', ...rest] = segments;
  if (!reference.scoped && depth === 0) {
    const param = scope.params.get(head);
    if (param) return descend(param, rest, null);
  }
  const context = scope.contexts[depth];
  if (!context)
    return {
      missing: `"../" leads out of what can be seen here`,
      hint: 'Write @root.<name> to start at the data.',
    };
  return descend(context, segments, depth === scope.contexts.length - 1 ? segments : null);
}

function resolveLoopData(reference: PathReference, scope: PromptScope): Resolution {
  const [name = '', ...rest] = reference.segments;
  if (!LOOP_DATA.has(name) || rest.length > 0) {
    return {
      missing: `there is no @${reference.segments.join('.')}`,
      hint: 'Inside {{#each}} there are @index, @key, @first and @last; @root.<name> works everywhere.',
    };
  }
  if (reference.depth >= scope.loops) return { missing: `@${name} exists only inside {{#each}}` };
  return { found: { kind: 'scalar' }, outermost: null };
}

function descend(target: Target, segments: string[], outermost: string[] | null): Resolution {
  const [head, ...rest] = segments;
  if (head === undefined) return { found: target, outermost };
  switch (target.kind) {
    case 'path':
      return { found: { kind: 'path', path: [...target.path, ...segments] }, outermost };
    case 'unknown':
      return { found: target, outermost };
    case 'scalar':
      return { missing: `it has nothing named "${head}" inside` };
    case 'overlay': {
      const value = target.values.get(head);
      return value ? descend(value, rest, outermost) : descend(target.base, segments, outermost);
    }
  }
}

/** An item of a list or an object. */
export function itemOf(target: Target): Target {
  return target.kind === 'path' ? { kind: 'path', path: [...target.path, '[]'] } : { kind: 'unknown' };
}

export function enter(
  scope: PromptScope,
  context: Target,
  names: { params: Array<[string, Target]>; loop: boolean },
): PromptScope {
  return {
    contexts: [context, ...scope.contexts],
    params: names.params.length === 0 ? scope.params : new Map([...scope.params, ...names.params]),
    loops: scope.loops + (names.loop ? 1 : 0),
  };
}
