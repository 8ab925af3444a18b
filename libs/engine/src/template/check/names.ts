import { schemaAt, shapeAt } from '../../contract/index.ts';
import type { Names, Resolution } from '../../expression/index.ts';
import type { Json, JsonSchema } from '../../vocabulary.ts';
import type { Fault } from '../source/report.ts';
import { child } from '../source/source-node.ts';
import type { StageDraft } from './draft.ts';
import { templateFaults } from './template.errors.ts';

/** What names stand for in one place of a template. */
export interface NamesOptions {
  /** Contract of the inputs; null when it is broken. */
  inputs: JsonSchema | null;
  stages: ReadonlyMap<string, StageDraft>;
  /** The stage that looks; null after the last one, where every stage has ended. */
  user: StageDraft | null;
  /** Further names: the item of `forEach`, what only prompts see. Null stands for an unknown shape. */
  extra?: Record<string, { schema: JsonSchema | null; mayBeNull?: boolean }>;
}

const RUN: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    id: { type: 'string' },
    title: { type: 'string' },
    template: { type: 'string' },
    version: { type: 'string' },
  },
};
const STATE: JsonSchema = { type: 'string' };

/** Names that have a meaning in expressions or prompts, so that no item of `forEach` may take them. */
export const TAKEN_NAMES = ['inputs', 'stages', 'run', 'index', 'feedback', 'previous', 'result'] as const;

export class TemplateNames implements Names {
  readonly #options: NamesOptions;

  constructor(options: NamesOptions) {
    this.#options = options;
  }

  /** The same names and some more. */
  with(extra: NonNullable<NamesOptions['extra']>): TemplateNames {
    return new TemplateNames({ ...this.#options, extra: { ...this.#options.extra, ...extra } });
  }

  hasStage(id: string): boolean {
    return this.#options.stages.has(id);
  }

  resolve(path: string[]): Resolution {
    const [root = '', ...rest] = path;
    const extra = this.#options.extra ?? {};
    if (Object.hasOwn(extra, root)) return this.#resolveExtra(root, rest);
    switch (root) {
      case 'inputs':
        return within(this.#options.inputs, rest, {
          offset: 1,
          fault: (wrong, known) => templateFaults.inputUnknown(wrong, known, wrong.at(-1) ?? ''),
        });
      case 'stages':
        return this.#resolveStage(rest);
      case 'run':
        return within(RUN, rest, {
          offset: 1,
          fault: (wrong, known) =>
            templateFaults.unknownName(
              `run.${wrong.join('.')}`,
              known.map((name) => `run.${name}`),
            ),
        });
      default:
        return refused(
          templateFaults.unknownName(root, ['inputs', 'stages', 'run', ...Object.keys(extra)]),
          0,
        );
    }
  }

  #resolveExtra(root: string, rest: string[]): Resolution {
    const extra = this.#options.extra?.[root];
    const resolution = within(extra?.schema ?? null, rest, {
      offset: 1,
      fault: (wrong, known) => templateFaults.outputPath(wrong, `"${root}"`, known, wrong.at(-1) ?? ''),
    });
    return extra?.mayBeNull === true ? uncertain(resolution) : resolution;
  }

  #resolveStage([id, part, ...rest]: string[]): Resolution {
    if (id === undefined) return { found: 'maybe', schema: null };
    const draft = this.#options.stages.get(id);
    if (draft === undefined)
      return refused(templateFaults.unknownStage(id, [...this.#options.stages.keys()]), 1);
    const order = this.#orderFault(draft);
    if (order !== null) return refused(order, 1);
    if (part === undefined) return { found: 'maybe', schema: null };
    if (part === 'state') return within(STATE, rest, { offset: 3, fault: pathFault('the state of a stage') });
    if (part !== 'output')
      return refused(templateFaults.outputPath([part], `the stage "${id}"`, ['output', 'state'], part), 2);
    const resolution = within(outputOf(draft), rest, { offset: 3, fault: pathFault(`the stage "${id}"`) });
    // A skipped stage gives null.
    return child(draft.node, 'if') === undefined ? resolution : uncertain(resolution);
  }

  #orderFault(draft: StageDraft): Fault | null {
    const { user } = this.#options;
    if (user === null) return null;
    if (user.id === draft.id) return templateFaults.ownResult(draft.id);
    if (user.before === null || user.before.has(draft.id)) return null;
    return templateFaults.stageOrder(draft.id, user.id);
  }
}

/** What `stages.<id>.output` holds: a list for a stage that works item by item. */
function outputOf(draft: StageDraft): JsonSchema | null {
  if (child(draft.node, 'forEach') === undefined) return draft.output;
  const { $defs, ...item } = draft.output ?? {};
  return { type: 'array', items: item, ...($defs === undefined ? {} : { $defs }) };
}

type PathFault = (wrong: string[], known: string[]) => Fault;

function pathFault(owner: string): PathFault {
  return (wrong, known) => templateFaults.outputPath(wrong, owner, known, wrong.at(-1) ?? '');
}

function refused(fault: Fault, segment: number): Resolution {
  return { found: 'no', code: fault.code, message: fault.message, hint: fault.hint ?? undefined, segment };
}

function uncertain(resolution: Resolution): Resolution {
  return resolution.found === 'yes' ? { ...resolution, found: 'maybe' } : resolution;
}

/** A path below a contract. A contract that lists its properties is taken at its word: others are not used. */
function within(
  schema: JsonSchema | null,
  path: string[],
  options: { offset: number; fault: PathFault },
): Resolution {
  if (schema === null) return { found: 'maybe', schema: null };
  for (let end = 1; end <= path.length; end += 1) {
    const owner = schemaAt(schema, path.slice(0, end - 1));
    const possible = shapeAt(schema, path.slice(0, end)) !== 'no' && !isUnlisted(owner, path[end - 1] ?? '');
    if (possible) continue;
    const fault = options.fault(path.slice(0, end), propertiesOf(owner));
    return refused(fault, options.offset + end - 1);
  }
  return { found: shapeAt(schema, path) === 'yes' ? 'yes' : 'maybe', schema: schemaAt(schema, path) };
}

const OPENING = [
  'additionalProperties',
  'patternProperties',
  'unevaluatedProperties',
  '$ref',
  'allOf',
  'anyOf',
  'oneOf',
  'if',
];

function isUnlisted(owner: JsonSchema | null, name: string): boolean {
  if (owner === null || owner['type'] !== 'object' || name === '[]') return false;
  const listed = propertiesOf(owner);
  return (
    listed.length > 0 && !listed.includes(name) && !OPENING.some((keyword) => Object.hasOwn(owner, keyword))
  );
}

export function propertiesOf(schema: JsonSchema | null): string[] {
  const properties: Json | undefined = schema?.['properties'];
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}
