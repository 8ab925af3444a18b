import type { Json, JsonObject, JsonSchema } from '../../vocabulary.ts';
import { canonicalJson } from '../canonical.ts';
import { short } from './value-text.ts';

/**
 * What a difference between two schemas does to the values that they allow. `added` and `removed` are fields that nobody has
 * to give; `default` is what is taken for granted; `wording` is what only people read; `unclear` is anything that
 * cannot be told from the schemas alone.
 */
export type Effect = 'narrower' | 'wider' | 'unclear' | 'added' | 'removed' | 'default' | 'wording';

export interface SchemaChange {
  /** Field, from the root of the schema: `chapters[].title`; empty for the root itself. */
  path: string;
  effect: Effect;
  summary: string;
}

const WORDING = new Set([
  'title',
  'description',
  'examples',
  '$comment',
  '$schema',
  '$id',
  'deprecated',
  'readOnly',
  'writeOnly',
]);
/** Keywords whose number may rise, and those whose number may fall, without a value being refused. */
const LEAST = new Set([
  'minimum',
  'exclusiveMinimum',
  'minLength',
  'minItems',
  'minProperties',
  'minContains',
]);
const MOST = new Set([
  'maximum',
  'exclusiveMaximum',
  'maxLength',
  'maxItems',
  'maxProperties',
  'maxContains',
]);
/** Keywords that only ever forbid: with one more, less is allowed. */
const FIELDS = new Set(['properties', '$defs', 'patternProperties', 'dependentSchemas']);

/** Every difference between two schemas, in the order of their keywords. `true` and a missing schema allow everything. */
export function compareSchemas(before: JsonSchema, after: JsonSchema, path = ''): SchemaChange[] {
  const keywords = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const found = keywords.flatMap((keyword) => {
    const [old, now] = [before[keyword], after[keyword]];
    if (old !== undefined && now !== undefined && canonicalJson(old) === canonicalJson(now)) return [];
    return compareKeyword(keyword, { old, now, path, before, after });
  });
  return [...found, ...lostDefaults(before, after, path)];
}

/** A field that was required all along had to be given by nobody while it had a default. */
function lostDefaults(before: JsonSchema, after: JsonSchema, path: string): SchemaChange[] {
  const was = names(before['required']);
  return names(after['required'])
    .filter((name) => was.includes(name) && hasDefault(before, name))
    .filter((name) => isIn(after, name) && !hasDefault(after, name))
    .map((name) => told(path, name, 'narrower', 'has to be given now: its default is gone'));
}

interface Difference {
  old: Json | undefined;
  now: Json | undefined;
  path: string;
  before: JsonSchema;
  after: JsonSchema;
}

function compareKeyword(keyword: string, difference: Difference): SchemaChange[] {
  const { old, now, path } = difference;
  const told = (effect: Effect): SchemaChange[] => [
    { path, effect, summary: `${keyword} ${arrow(old, now)}` },
  ];
  if (WORDING.has(keyword)) return told('wording');
  if (keyword === 'default') return told('default');
  if (keyword === 'required') return compareRequired(difference);
  if (FIELDS.has(keyword)) return compareFields(keyword, difference);
  if (keyword === 'items') return compareInside(`${path}[]`, difference, keyword);
  if (keyword === 'additionalProperties') return compareInside(`${path}.*`, difference, keyword);
  if (keyword === 'type') return told(effectOfSets(types(old), types(now)));
  if (keyword === 'enum' || keyword === 'anyOf') return told(effectOfSets(options(old), options(now)));
  if (LEAST.has(keyword) || MOST.has(keyword)) return told(effectOfBound(LEAST.has(keyword), old, now));
  if (old === undefined) return told('narrower');
  return told(now === undefined ? 'wider' : 'unclear');
}

function compareRequired({ old, now, path, before, after }: Difference): SchemaChange[] {
  const [was, is] = [names(old), names(now)];
  const both = (name: string): boolean => isIn(before, name) === isIn(after, name);
  const more = is.filter((name) => !was.includes(name) && both(name) && !hasDefault(after, name));
  const filled = is.filter((name) => !was.includes(name) && both(name) && hasDefault(after, name));
  const fewer = was.filter((name) => !is.includes(name) && both(name));
  return [
    ...more.map((name) => told(path, name, 'narrower', 'has to be given now')),
    ...filled.map((name) => told(path, name, 'default', 'is always there now: it has a default')),
    ...fewer.map((name) => told(path, name, 'wider', 'may be left out now')),
  ];
}

function compareFields(keyword: string, { old, now, path, after, before }: Difference): SchemaChange[] {
  const [was, is] = [objectOf(old), objectOf(now)];
  const isRequired = (schema: JsonSchema, name: string): boolean => names(schema['required']).includes(name);
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].sort().flatMap((name) => {
    const at = fieldPath(path, keyword === 'properties' ? name : `${keyword}/${name}`);
    if (!Object.hasOwn(was, name)) {
      if (keyword !== 'properties') return [{ path: at, effect: 'unclear' as const, summary: 'is new' }];
      const must = isRequired(after, name) && !hasDefault(after, name);
      return [
        must
          ? { path: at, effect: 'narrower' as const, summary: 'is new, and has to be given' }
          : { path: at, effect: 'added' as const, summary: 'is new' },
      ];
    }
    if (!Object.hasOwn(is, name)) {
      const must = isRequired(before, name) ? ', which was always there' : '';
      return [{ path: at, effect: 'removed' as const, summary: `is gone${must}` }];
    }
    return compareValues(at, was[name], is[name]);
  });
}

/** A schema that may be `true`, `false` or not there at all. */
function compareInside(path: string, { old, now }: Difference, keyword: string): SchemaChange[] {
  if (isObject(old) && isObject(now)) return compareSchemas(old, now, path);
  const summary = `${keyword} ${arrow(old, now)}`;
  const openness = (value: Json | undefined): number => (value === false ? 0 : isObject(value) ? 1 : 2);
  const [was, is] = [openness(old), openness(now)];
  if (was === is) return [{ path, effect: 'wording', summary }];
  return [{ path, effect: is < was ? 'narrower' : 'wider', summary }];
}

function compareValues(path: string, old: Json | undefined, now: Json | undefined): SchemaChange[] {
  if (isObject(old) && isObject(now)) return compareSchemas(old, now, path);
  if (canonicalJson(old ?? true) === canonicalJson(now ?? true)) return [];
  return [{ path, effect: 'unclear', summary: `is ${arrow(old, now)}` }];
}

function effectOfSets(was: string[] | null, is: string[] | null): Effect {
  if (was === null || is === null) return was === null ? 'narrower' : 'wider';
  const gone = was.some((option) => !is.includes(option));
  const come = is.some((option) => !was.includes(option));
  if (gone && come) return 'unclear';
  return gone ? 'narrower' : come ? 'wider' : 'wording';
}

function effectOfBound(isLeast: boolean, old: Json | undefined, now: Json | undefined): Effect {
  if (typeof old !== 'number') return 'narrower';
  if (typeof now !== 'number') return 'wider';
  return now > old === isLeast ? 'narrower' : 'wider';
}

/** Every integer is a number. */
function types(value: Json | undefined): string[] | null {
  if (value === undefined) return null;
  const list = (Array.isArray(value) ? value : [value]).map(String);
  return list.includes('number') ? [...list, 'integer'] : list;
}

function options(value: Json | undefined): string[] | null {
  return Array.isArray(value) ? value.map((option) => canonicalJson(option)) : null;
}

function told(path: string, name: string, effect: Effect, summary: string): SchemaChange {
  return { path: fieldPath(path, name), effect, summary };
}

function fieldPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function arrow(old: Json | undefined, now: Json | undefined): string {
  const text = (value: Json | undefined): string => (value === undefined ? 'none' : short(value));
  return `${text(old)} → ${text(now)}`;
}

function isIn(schema: JsonSchema, name: string): boolean {
  return Object.hasOwn(objectOf(schema['properties']), name);
}

function hasDefault(schema: JsonSchema, name: string): boolean {
  return objectOf(objectOf(schema['properties'])[name])['default'] !== undefined;
}

function names(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
