import type { JsonSchema } from '../../vocabulary.ts';
import { canonicalJson } from '../canonical.ts';
import type { Plan, PlannedStage, Value } from '../plan.ts';
import { change } from './change.ts';
import type { Area, Change } from './change.ts';
import { compareSchemas } from './compare-schemas.ts';
import type { Effect, SchemaChange } from './compare-schemas.ts';
import type { RuleName } from './rules.ts';
import { short, valueText } from './value-text.ts';

type EffectRules = Record<Effect, RuleName>;

/** A contract that somebody else fills in: what is refused hurts. */
const INPUT_RULES: EffectRules = {
  narrower: 'input-narrowed',
  wider: 'input-widened',
  unclear: 'input-unclear',
  added: 'input-added',
  removed: 'input-removed',
  default: 'input-default',
  wording: 'about-changed',
};
const FORM_RULES: EffectRules = {
  narrower: 'form-narrowed',
  wider: 'form-widened',
  unclear: 'form-unclear',
  added: 'form-widened',
  removed: 'form-narrowed',
  default: 'form-widened',
  wording: 'about-changed',
};
/** A contract that somebody else relies on: what is allowed anew hurts. */
const OUTPUT_RULES: EffectRules = {
  narrower: 'output-narrowed',
  wider: 'output-widened',
  unclear: 'output-unclear',
  added: 'output-added',
  removed: 'output-removed',
  default: 'about-changed',
  wording: 'about-changed',
};

export function diffInputs(before: Plan, after: Plan): Change[] {
  return compareSchemas(before.inputs, after.inputs).map((found) => {
    const isNew = found.effect === 'narrower' && found.summary.startsWith('is new');
    return toChange(found, { ...INPUT_RULES, ...(isNew ? { narrower: 'input-required' } : {}) }, [
      'inputs',
      'inputs',
    ]);
  });
}

export function diffForm(before: JsonSchema, after: JsonSchema, stage: string): Change[] {
  return compareSchemas(before, after).map((found) =>
    toChange(found, FORM_RULES, ['contracts', `stages.${stage}.form`]),
  );
}

/** What a stage gives to the stages behind it. */
export function diffContract(before: PlannedStage, after: PlannedStage): Change[] {
  const path = `stages.${after.id}.output`;
  if (before.output === null || after.output === null) {
    if (before.output === after.output) return [];
    const summary = after.output === null ? 'has no contract any more' : 'has a contract now';
    return [change('contract-changed', 'contracts', path, `the output of ${after.id} ${summary}`)];
  }
  return compareSchemas(before.output, after.output).map((found) =>
    found.effect === 'wording'
      ? toChange(found, OUTPUT_RULES, ['contracts', path])
      : change('contract-changed', 'contracts', pathOf(path, found), sentence(path, found)),
  );
}

export function diffOutputs(before: Plan, after: Plan): Change[] {
  const names = [...new Set([...Object.keys(before.outputs), ...Object.keys(after.outputs)])].sort();
  return names.flatMap((name) => {
    const [old, now] = [before.outputs[name], after.outputs[name]];
    const path = `outputs.${name}`;
    if (old === undefined || now === undefined) {
      const [rule, word] =
        now === undefined ? (['output-removed', 'gone'] as const) : (['output-added', 'new'] as const);
      return [change(rule, 'outputs', path, `the output "${name}" is ${word}`)];
    }
    return [
      ...diffSource(path, old, now),
      ...diffPromise(path, contractOf(before, old), contractOf(after, now)),
    ];
  });
}

function diffSource(path: string, old: Value, now: Value): Change[] {
  const [was, is] = [valueText(old), valueText(now)];
  if (canonicalJson(old) === canonicalJson(now)) return [];
  return [change('output-source', 'outputs', path, `${path} is ${short(was)} → ${short(is)}`)];
}

function diffPromise(path: string, old: Promised | null, now: Promised | null): Change[] {
  if (old === null && now === null) return [];
  const found = compareSchemas(old?.schema ?? {}, now?.schema ?? {}).map((one) =>
    toChange(one, OUTPUT_RULES, ['outputs', path]),
  );
  if (old === null || now === null || old.isAlways === now.isAlways) return found;
  const [rule, word] = now.isAlways
    ? (['output-narrowed', 'is always there'] as const)
    : (['output-widened', 'may be missing'] as const);
  return [...found, change(rule, 'outputs', path, `${path} ${word} now`)];
}

/** What an output is, by the contracts behind it. */
interface Promised {
  schema: JsonSchema;
  /** No contract on the way allows it to be left out. */
  isAlways: boolean;
}

const PATH = /^stages(?:\.(\w+)|\["([\w-]+)"\])\.output((?:\.\w+)*)$/;

/** The contract of what a plain path into a stage's output gives; null for any other expression. */
function contractOf(plan: Plan, value: Value): Promised | null {
  const found = value.kind === 'expression' ? PATH.exec(value.source) : null;
  if (found === null) return null;
  const [, dotted, quoted, rest = ''] = found;
  const stage = plan.stages.find(({ id }) => id === (dotted ?? quoted));
  if (stage === undefined || stage.output === null || stage.forEach !== null) return null;
  let promised: Promised = { schema: stage.output, isAlways: true };
  for (const name of rest.split('.').slice(1)) {
    const { properties, required } = promised.schema;
    const schema = isSchema(properties) ? properties[name] : undefined;
    if (!isSchema(schema)) return null;
    promised = { schema, isAlways: promised.isAlways && Array.isArray(required) && required.includes(name) };
  }
  return promised;
}

function isSchema(value: JsonSchema[string] | undefined): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toChange(found: SchemaChange, rules: EffectRules, [area, root]: [Area, string]): Change {
  const rule = rules[found.effect];
  return change(rule, rule === 'about-changed' ? 'about' : area, pathOf(root, found), sentence(root, found));
}

function pathOf(root: string, { path }: SchemaChange): string {
  return path === '' ? root : `${root}.${path}`;
}

function sentence(root: string, found: SchemaChange): string {
  return `${pathOf(root, found)}: ${found.summary}`;
}
