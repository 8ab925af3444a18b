import type { PlannedPrompt } from '../template/plan.ts';
import { promptHelper } from './helper-catalog.ts';
import {
  partialCycle,
  partialForbidden,
  syntaxForbidden,
  tooDeep,
  tooManyNodes,
  variableUnknown,
} from './prompt.errors.ts';
import type { PromptFault, PromptProblem } from './prompt.errors.ts';
import { inFile, readPrompt } from './prompt-file.ts';
import type { PromptSource } from './prompt-file.ts';
import { MAX_CHECKED_NODES, MAX_PROMPT_DEPTH } from './prompt-limits.ts';
import type { BlockNode, Expression, PartialNode, PathReference, Place, PromptNode } from './prompt-node.ts';
import { enter, itemOf, resolvePath } from './prompt-scope.ts';
import type { PromptScope, Target } from './prompt-scope.ts';

export interface CheckPromptOptions {
  /** Registry path of the prompt. */
  path: string;
  text: string;
  /** The shared prompt of that name, or undefined when there is none. */
  partial: (name: string) => { path: string; text: string } | undefined;
  /** Whether a variable path exists; `maybe` when its shape is unknown (accepted). `[]` is any item of a list. */
  known: (path: string[]) => 'yes' | 'no' | 'maybe';
  /** The prompt is looked at by itself: as a partial it may be used where `this` and `@index` mean something. */
  standalone?: boolean;
}

export interface CheckedPrompt {
  /** Sorted by file, line and column. */
  problems: PromptProblem[];
  /** The prompt with its partials resolved; null iff there are problems. */
  prompt: PlannedPrompt | null;
  /** Every variable path that rendering may read, absolute, each once. */
  reads: string[][];
  /** Those of `reads` that every rendering needs: read outside of conditions and of what is done per item. */
  needs: string[][];
}

/** Full check of a prompt with its partials: syntax, helpers, partials and variables. Never throws. */
export function checkPrompt(options: CheckPromptOptions): CheckedPrompt {
  const check = new PromptCheck(options);
  check.run();
  const problems = check.problems();
  const partials = Object.fromEntries([...check.partials].map(([name, partial]) => [name, partial.text]));
  return {
    problems,
    prompt: problems.length > 0 ? null : { path: options.path, source: options.text, partials },
    reads: [...check.reads.values()],
    needs: [...check.reads].filter(([key]) => check.needs.has(key)).map(([, path]) => path),
  };
}

/** One file under check: the prompt itself or a partial at one of its uses. */
interface Visit {
  source: PromptSource;
  /** Names of the partials from the prompt down to this one. */
  chain: string[];
  depth: number;
  /** Rendered whatever the values are: no condition and no list is around. */
  certain: boolean;
}

class PromptCheck {
  readonly partials = new Map<string, { text: string; source: PromptSource }>();
  readonly reads = new Map<string, string[]>();
  /** Keys of `reads`. */
  readonly needs = new Set<string>();
  readonly #options: CheckPromptOptions;
  readonly #faults = new Map<string, PromptFault[]>();
  #visited = 0;

  constructor(options: CheckPromptOptions) {
    this.#options = options;
  }

  run(): void {
    const { path, text } = this.#options;
    const source = readPrompt(path, text);
    this.#add(path, ...source.faults);
    const loops = this.#options.standalone === true ? Number.MAX_SAFE_INTEGER : 0;
    const scope: PromptScope = { contexts: [{ kind: 'path', path: [] }], params: new Map(), loops };
    source.split.frontMatter.variables?.forEach((name, index) => {
      const place = source.split.variablePlaces[index];
      if (place) this.#known(name.split('.'), { name, file: path, place, needed: true });
    });
    this.#nodes(source.nodes, scope, { source, chain: [], depth: 0, certain: true });
  }

  problems(): PromptProblem[] {
    const files = [...this.#faults.keys()].sort((a, b) =>
      a === this.#options.path ? -1 : b === this.#options.path ? 1 : a < b ? -1 : 1,
    );
    return files.flatMap((file) => unique(inFile(file, this.#faults.get(file) ?? [])));
  }

  #add(file: string, ...faults: PromptFault[]): void {
    if (faults.length === 0) return;
    const known = this.#faults.get(file) ?? [];
    known.push(...faults);
    this.#faults.set(file, known);
  }

  #nodes(nodes: PromptNode[], scope: PromptScope, visit: Visit): void {
    for (const node of nodes) {
      this.#visited += 1;
      if (this.#visited > MAX_CHECKED_NODES) return;
      if (node.kind === 'output') this.#output(node.value, scope, visit);
      else if (node.kind === 'block') this.#block(node, scope, visit);
      else if (node.kind === 'partial') this.#partial(node, scope, visit);
    }
  }

  #output(value: Expression, scope: PromptScope, visit: Visit): void {
    if (
      value.kind === 'path' &&
      value.origin === 'context' &&
      value.segments.length === 0 &&
      value.depth >= scope.contexts.length - 1 &&
      visit.chain.length === 0 &&
      this.#options.standalone !== true
    ) {
      this.#add(
        visit.source.path,
        syntaxForbidden(
          `"${value.text}" outside a block is`,
          'Name the variable: {{inputs.topic}}.',
          value.place,
        ),
      );
      return;
    }
    this.#expression(value, scope, visit);
  }

  #block(node: BlockNode, scope: PromptScope, visit: Visit): void {
    const mayLack = node.block === 'if' || node.block === 'unless' || node.otherwise !== null;
    const subject = this.#expression(node.subject, scope, mayLack ? lenient(node.subject, visit) : visit);
    const inner = { ...doubtful(visit), depth: visit.depth + 1 };
    if (inner.depth > MAX_PROMPT_DEPTH) {
      this.#add(visit.source.path, tooDeep(node.place));
      return;
    }
    this.#nodes(node.body, bodyScope(node, subject, scope), inner);
    this.#nodes(node.otherwise ?? [], scope, inner);
  }

  /** Checks an expression and says what it points at. */
  #expression(expression: Expression, scope: PromptScope, visit: Visit): Target {
    if (expression.kind === 'literal') return { kind: 'scalar' };
    if (expression.kind === 'path') return this.#path(expression, scope, visit);
    const takes = promptHelper(expression.helper)?.lenient ?? 'all';
    const targets = expression.args.map((arg, index) => {
      const mayLack = takes === 'all' || (takes === 'first' && index === 0);
      return this.#expression(arg, scope, mayLack ? lenient(arg, visit) : visit);
    });
    // `default` gives one of its arguments as it is; with a literal fallback that is the shape of the first.
    const keepsShape =
      promptHelper(expression.helper)?.name === 'default' && expression.args[1]?.kind === 'literal';
    return (keepsShape ? targets[0] : undefined) ?? { kind: 'unknown' };
  }

  #path(reference: PathReference, scope: PromptScope, visit: Visit): Target {
    const file = visit.source.path;
    const resolution = resolvePath(reference, scope);
    if ('missing' in resolution) {
      this.#add(
        file,
        variableUnknown(reference.text, resolution.missing, {
          place: reference.place,
          ...(resolution.hint ? { hint: resolution.hint } : {}),
        }),
      );
      return { kind: 'unknown' };
    }
    const declared = visit.source.split.frontMatter.variables;
    const own = resolution.outermost;
    if (declared && own && own.length > 0 && !declared.some((name) => covers(name.split('.'), own))) {
      const hint = `Add ${own.join('.')} to "variables" in the front matter of ${file}.`;
      this.#add(
        file,
        variableUnknown(reference.text, 'the front matter does not declare it', {
          place: reference.place,
          hint,
        }),
      );
      return { kind: 'unknown' };
    }
    if (resolution.found.kind !== 'path') return resolution.found;
    const { text: name, place } = reference;
    const exists = this.#known(resolution.found.path, { name, file, place, needed: visit.certain });
    return exists ? resolution.found : { kind: 'unknown' };
  }

  /** Asks for a path and records it as read. */
  #known(path: string[], at: { name: string; file: string; place: Place; needed: boolean }): boolean {
    if (path.length === 0) return true;
    if (this.#options.known(path) !== 'no') {
      const key = JSON.stringify(path);
      this.reads.set(key, path);
      if (at.needed) this.needs.add(key);
      return true;
    }
    const end = path.findIndex((_segment, index) => this.#options.known(path.slice(0, index + 1)) === 'no');
    const last = path[end] ?? '';
    const parent = path.slice(0, end).join('.').replaceAll('.[]', '[]');
    const why = parent === '' ? `there is no "${last}"` : `${parent} has no "${last}"`;
    const hint = last === 'length' ? `Write {{length ${parent}}} for the number of items.` : undefined;
    const missing = path.slice(0, end + 1);
    this.#add(
      at.file,
      variableUnknown(at.name, why, { place: at.place, missing, ...(hint ? { hint } : {}) }),
    );
    return false;
  }

  #partial(node: PartialNode, scope: PromptScope, visit: Visit): void {
    const values = new Map(
      node.values.map(({ name, value }) => [name, this.#expression(value, scope, visit)]),
    );
    const partial = this.#load(node, visit);
    if (!partial) return;
    const context: Target = { kind: 'overlay', base: scope.contexts[0] ?? { kind: 'unknown' }, values };
    const inside: PromptScope = { contexts: [context], params: new Map(), loops: scope.loops };
    this.#requirePassed(node, partial, { inside, visit, values });
    const before = this.#visited;
    this.#nodes(partial.nodes, inside, {
      source: partial,
      chain: [...visit.chain, node.name],
      depth: visit.depth + 1,
      certain: visit.certain,
    });
    const isTooMuch = before <= MAX_CHECKED_NODES && this.#visited > MAX_CHECKED_NODES;
    if (isTooMuch && visit.depth === 0) this.#add(visit.source.path, tooManyNodes(node.place));
  }

  #load(node: PartialNode, visit: Visit): PromptSource | null {
    const file = visit.source.path;
    if (visit.chain.includes(node.name)) {
      this.#add(
        file,
        partialCycle([...visit.chain.slice(visit.chain.indexOf(node.name)), node.name], node.place),
      );
      return null;
    }
    if (visit.depth + 1 > MAX_PROMPT_DEPTH) {
      this.#add(file, tooDeep(node.place));
      return null;
    }
    const loaded = this.partials.get(node.name);
    if (loaded) return loaded.source;
    const found = this.#options.partial(node.name);
    if (!found) {
      this.#add(file, partialForbidden(node.name, 'there is no shared prompt of that name', node.place));
      return null;
    }
    const source = readPrompt(found.path, found.text);
    this.#add(found.path, ...source.faults);
    this.partials.set(node.name, { text: found.text, source });
    return source;
  }

  /** What a partial declares must be passed by name, or exist where it is used. */
  #requirePassed(
    node: PartialNode,
    partial: PromptSource,
    at: { inside: PromptScope; visit: Visit; values: Map<string, Target> },
  ): void {
    for (const name of partial.split.frontMatter.variables ?? []) {
      const reference: PathReference = {
        kind: 'path',
        origin: 'context',
        depth: 0,
        segments: name.split('.'),
        scoped: true,
        text: name,
        place: node.place,
      };
      const resolution = resolvePath(reference, at.inside);
      const found = 'found' in resolution ? resolution.found : null;
      if (found && (found.kind !== 'path' || this.#options.known(found.path) !== 'no')) continue;
      // Said once, here: inside the partial the name counts as given.
      at.values.set(name.split('.')[0] ?? name, { kind: 'unknown' });
      const hint = `Pass it: {{> ${node.name} ${name.split('.')[0]}=...}}.`;
      this.#add(
        at.visit.source.path,
        variableUnknown(name, `the partial "${node.name}" needs it`, { place: node.place, hint }),
      );
    }
  }
}

function bodyScope(node: BlockNode, subject: Target, scope: PromptScope): PromptScope {
  const [first, second] = node.params;
  if (node.block === 'with')
    return enter(scope, subject, { params: first === undefined ? [] : [[first, subject]], loop: false });
  if (node.block !== 'each') return scope;
  const item = itemOf(subject);
  const params: Array<[string, Target]> = [];
  if (first !== undefined) params.push([first, item]);
  if (second !== undefined) params.push([second, { kind: 'scalar' }]);
  return enter(scope, item, { params, loop: true });
}

/** Where a variable may have no value. A helper is called all the same, and has its own say on what it takes. */
function lenient(expression: Expression, visit: Visit): Visit {
  return expression.kind === 'path' ? doubtful(visit) : visit;
}

function doubtful(visit: Visit): Visit {
  return visit.certain ? { ...visit, certain: false } : visit;
}

const covers = (declared: string[], read: string[]): boolean =>
  declared.every((segment, index) => segment === read[index]);

function unique(problems: PromptProblem[]): PromptProblem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = `${problem.line}:${problem.column}:${problem.code}:${problem.message}`;
    return seen.has(key) ? false : Boolean(seen.add(key));
  });
}
