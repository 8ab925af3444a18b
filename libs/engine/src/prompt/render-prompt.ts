import { StagewrightError } from '../errors/stagewright-error.ts';
import type { PlannedPrompt } from '../template/plan.ts';
import type { Json, JsonObject } from '../vocabulary.ts';
import { HelperFault, isTruthy, kindOf, promptHelper } from './helper-catalog.ts';
import type {
  BlockNode,
  CallExpression,
  Expression,
  PartialNode,
  PathReference,
  PromptNode,
} from './prompt-node.ts';
import { preparePrompt } from './prepared-prompt.ts';
import type { PreparedFile, PreparedPrompt } from './prepared-prompt.ts';
import { RenderBudget, StepsExhausted } from './render-budget.ts';
import type { RenderCaps } from './render-budget.ts';
import {
  renderHelperValue,
  renderNotList,
  renderNotText,
  renderVariableMissing,
  renderVariableNull,
} from './prompt.errors.ts';

/** What names mean while rendering: the values that PromptScope has the paths of. */
interface Frame {
  contexts: Json[];
  params: ReadonlyMap<string, Json>;
  loop: { index: number; key: Json; first: boolean; last: boolean; outer: Frame['loop'] } | null;
  file: PreparedFile;
}

/**
 * Renders a checked prompt: strict (what has no value is an error, never empty text), unescaped, once (text that a
 * value brings along is never read as a prompt). Throws `PROMPT_*` errors that name variable, file, line and column;
 * `PROMPT_RENDER_BUDGET` when a cap is hit. An interpreter over our own closed tree: no code is ever generated.
 */
export function renderPrompt(prompt: PlannedPrompt, data: JsonObject, caps: RenderCaps): string {
  return new Rendering(preparePrompt(prompt), data, caps).text();
}

/** A variable without a value: the error that rendering would end with, and where the variable stands. */
export interface MissingVariable {
  code: string;
  message: string;
  hint?: string;
  variable: string;
  file: string;
  line: number;
  column: number;
}

/**
 * Every variable that `renderPrompt` would miss one after the other, in the order in which they stand in the text that
 * is rendered: what is behind a condition counts when the condition holds. What else is wrong ends the search.
 */
export function missingVariables(
  prompt: PlannedPrompt,
  data: JsonObject,
  caps: RenderCaps,
): MissingVariable[] {
  const missing = new Map<string, StagewrightError>();
  try {
    new Rendering(preparePrompt(prompt), data, caps, (fault) => {
      const key = JSON.stringify(fault.details);
      if (!missing.has(key)) missing.set(key, fault);
    }).text();
  } catch (error) {
    if (!(error instanceof StagewrightError) && !(error instanceof StepsExhausted)) throw error;
  }
  return [...missing.values()].map(({ code, message, hint, details }) => ({
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(details as unknown as Pick<MissingVariable, 'variable' | 'file' | 'line' | 'column'>),
  }));
}

class Rendering {
  readonly #prompt: PreparedPrompt;
  readonly #data: JsonObject;
  readonly #budget: RenderBudget;
  /** Takes note of a variable without a value, and lets the rendering go on without it. */
  readonly #note: ((fault: StagewrightError) => void) | null;

  constructor(
    prompt: PreparedPrompt,
    data: JsonObject,
    caps: RenderCaps,
    note: ((fault: StagewrightError) => void) | null = null,
  ) {
    this.#prompt = prompt;
    this.#data = data;
    this.#budget = new RenderBudget(prompt.main.path, caps);
    this.#note = note;
  }

  text(): string {
    const out: string[] = [];
    const frame: Frame = { contexts: [this.#data], params: new Map(), loop: null, file: this.#prompt.main };
    this.#nodes(this.#prompt.main.nodes, frame, out);
    return this.#budget.finish(out.join(''));
  }

  #nodes(nodes: PromptNode[], frame: Frame, out: string[]): void {
    for (const node of nodes) {
      this.#budget.step();
      if (node.kind === 'text') this.#write(node.text, out);
      else if (node.kind === 'output') this.#write(this.#textOf(node.value, frame), out);
      else if (node.kind === 'block') this.#block(node, frame, out);
      else this.#partial(node, frame, out);
    }
  }

  #write(text: string, out: string[]): void {
    this.#budget.write(text);
    out.push(text);
  }

  #textOf(expression: Expression, frame: Frame): string {
    const value = this.#strict(expression, frame);
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    const name = nameOf(expression);
    if (value === null) {
      this.#absent(expression, value, frame);
      return '';
    }
    throw renderNotText(name, kindOf(value), { file: frame.file.path, place: expression.place });
  }

  #block(node: BlockNode, frame: Frame, out: string[]): void {
    const value = this.#lenient(node.subject, frame);
    if (node.block === 'if' || node.block === 'unless') {
      const chosen = isTruthy(value ?? null) === (node.block === 'if') ? node.body : (node.otherwise ?? []);
      this.#nodes(chosen, frame, out);
      return;
    }
    if (value === undefined || value === null) {
      // Nothing to go through: that must have been foreseen, else a part of the prompt would vanish silently.
      if (node.otherwise === null) this.#absent(node.subject, value, frame);
      this.#nodes(node.otherwise ?? [], frame, out);
      return;
    }
    if (node.block === 'with') this.#with(node, value, { frame, out });
    else this.#each(node, value, { frame, out });
  }

  #with(node: BlockNode, value: Json, at: { frame: Frame; out: string[] }): void {
    if (!isTruthy(value) && value !== 0) {
      this.#nodes(node.otherwise ?? [], at.frame, at.out);
      return;
    }
    const [name] = node.params;
    const params = name === undefined ? at.frame.params : new Map([...at.frame.params, [name, value]]);
    this.#nodes(node.body, { ...at.frame, contexts: [value, ...at.frame.contexts], params }, at.out);
  }

  #each(node: BlockNode, value: Json, at: { frame: Frame; out: string[] }): void {
    const { frame, out } = at;
    if (value === null || typeof value !== 'object') {
      throw renderNotList(nameOf(node.subject), kindOf(value), {
        file: frame.file.path,
        place: node.subject.place,
      });
    }
    const entries: Array<[Json, Json]> = Array.isArray(value)
      ? value.map((item, index) => [index, item])
      : Object.entries(value);
    if (entries.length === 0) this.#nodes(node.otherwise ?? [], frame, out);
    const [itemName, keyName] = node.params;
    entries.forEach(([key, item], index) => {
      this.#budget.step();
      const named: Array<[string, Json]> = [];
      if (itemName !== undefined) named.push([itemName, item]);
      if (keyName !== undefined) named.push([keyName, key]);
      this.#nodes(
        node.body,
        {
          contexts: [item, ...frame.contexts],
          params: named.length === 0 ? frame.params : new Map([...frame.params, ...named]),
          loop: { index, key, first: index === 0, last: index === entries.length - 1, outer: frame.loop },
          file: frame.file,
        },
        out,
      );
    });
  }

  #partial(node: PartialNode, frame: Frame, out: string[]): void {
    const partial = this.#prompt.partial(node, frame.file);
    const base = frame.contexts[0];
    const given = node.values.map(({ name, value }): [string, Json] => [name, this.#strict(value, frame)]);
    const inherited = base !== null && typeof base === 'object' && !Array.isArray(base) ? base : {};
    const context: Json =
      given.length === 0 ? (base ?? null) : { ...inherited, ...Object.fromEntries(given) };
    const inside: Frame = { contexts: [context], params: new Map(), loop: frame.loop, file: partial };
    this.#budget.enter();
    if (node.indent === '') this.#nodes(partial.nodes, inside, out);
    else {
      const text: string[] = [];
      this.#nodes(partial.nodes, inside, text);
      this.#write(text.join('').replace(/^(?!$(?![\s\S]))/gm, node.indent), out);
    }
    this.#budget.leave();
  }

  /** The value of an expression that must have one; null is a value. */
  #strict(expression: Expression, frame: Frame): Json {
    const value = this.#lenient(expression, frame);
    if (value !== undefined) return value;
    this.#absent(expression, value, frame);
    return '';
  }

  /** Ends the rendering, unless what is missing is being collected. */
  #absent(expression: Expression, value: null | undefined, frame: Frame): void {
    const faultOf = value === null ? renderVariableNull : renderVariableMissing;
    const fault = faultOf(nameOf(expression), frame.file.path, expression.place);
    if (this.#note === null) throw fault;
    this.#note(fault);
  }

  /** The value of an expression, or undefined when there is none. */
  #lenient(expression: Expression, frame: Frame): Json | undefined {
    if (expression.kind === 'literal') return expression.value;
    return expression.kind === 'path' ? lookUp(expression, frame, this.#data) : this.#call(expression, frame);
  }

  #call(expression: CallExpression, frame: Frame): Json {
    const helper = promptHelper(expression.helper);
    if (!helper)
      throw renderHelperValue(`There is no helper "${expression.helper}"`, frame.file.path, expression.place);
    this.#budget.step();
    const args = expression.args.map((arg, index) => {
      const lenient = helper.lenient === 'all' || (helper.lenient === 'first' && index === 0);
      return lenient ? (this.#lenient(arg, frame) ?? null) : this.#strict(arg, frame);
    });
    try {
      const result = helper.run(args);
      if (typeof result === 'string') this.#budget.work(result);
      return result;
    } catch (error) {
      if (!(error instanceof HelperFault)) throw error;
      // Most likely for want of what was noted.
      if (this.#note !== null) return '';
      throw renderHelperValue(error.message, frame.file.path, expression.place);
    }
  }
}

const nameOf = (expression: Expression): string =>
  expression.kind === 'path'
    ? expression.text
    : expression.kind === 'call'
      ? `(${expression.helper} ...)`
      : 'a literal';

/** Own properties only: nothing of JavaScript's prototypes can be reached, whatever a path says. */
function lookUp(reference: PathReference, frame: Frame, data: JsonObject): Json | undefined {
  if (reference.origin === 'data') return loopValue(reference, frame);
  if (reference.origin === 'root') return descend(data, reference.segments, 0);
  const head = reference.segments[0];
  if (!reference.scoped && reference.depth === 0 && head !== undefined && frame.params.has(head)) {
    return descend(frame.params.get(head), reference.segments, 1);
  }
  return descend(frame.contexts[reference.depth], reference.segments, 0);
}

function descend(start: Json | undefined, segments: string[], from: number): Json | undefined {
  let value = start;
  for (let index = from; index < segments.length; index += 1) {
    if (value === null || value === undefined) return value;
    const segment = segments[index] ?? '';
    if (typeof value !== 'object' || (Array.isArray(value) && !/^\d+$/.test(segment))) return undefined;
    value = Object.hasOwn(value, segment) ? (value as JsonObject)[segment] : undefined;
  }
  return value;
}

function loopValue(reference: PathReference, frame: Frame): Json | undefined {
  let loop = frame.loop;
  for (let depth = reference.depth; depth > 0 && loop; depth -= 1) loop = loop.outer;
  switch (reference.segments[0]) {
    case 'index':
      return loop?.index;
    case 'key':
      return loop?.key;
    case 'first':
      return loop?.first;
    case 'last':
      return loop?.last;
    default:
      return undefined;
  }
}
