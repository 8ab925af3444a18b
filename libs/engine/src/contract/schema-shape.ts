import type { Json, JsonSchema } from '../vocabulary.ts';
import { segmentsOf } from './json-pointer.ts';

/** What is known of a value: any of these schemas may apply to it; `open` when other shapes are possible, too. */
type Answer = 'yes' | 'no' | 'maybe';

/** References followed in one question: a schema that refers to itself in a circle ends here. */
const MAX_REFS = 32;

/** Whether a value of this schema has something at a path; `[]` is any item of a list or value of an object. */
export function shapeAt(schema: JsonSchema, path: string[]): Answer {
  return ask(schema, { root: schema, path, refs: 0 });
}

/** The schema of the value at a path, with the root's `$defs`; null when it is unknown or several could apply. */
export function schemaAt(schema: JsonSchema, path: string[]): JsonSchema | null {
  const found = [...new Set(collect(schema, { root: schema, path, refs: 0 }))];
  const [only] = found;
  if (found.length !== 1 || !isSchema(only)) return null;
  const defs = schema['$defs'];
  return defs === undefined || path.length === 0 ? only : { ...only, $defs: defs };
}

interface Question {
  root: JsonSchema;
  path: string[];
  refs: number;
}

const isSchema = (value: Json | undefined): value is JsonSchema =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function ask(schema: Json | undefined, question: Question): Answer {
  if (question.path.length === 0) return schema === false ? 'no' : 'yes';
  if (schema === false) return 'no';
  if (!isSchema(schema)) return 'maybe';
  const parts: Answer[] = [own(schema, question)];
  const target = resolveRef(schema, question);
  if (target !== undefined) parts.push(ask(target, { ...question, refs: question.refs + 1 }));
  for (const part of listOf(schema['allOf'])) parts.push(ask(part, question));
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    const choices = listOf(schema[keyword]).map((choice) => ask(choice, question));
    if (choices.length > 0) parts.push(anyOf(choices));
  }
  // Every part must agree that the path is possible; one that promises it is enough.
  if (parts.includes('no')) return parts.includes('yes') && !isClosed(schema) ? 'yes' : 'no';
  return parts.includes('yes') ? 'yes' : 'maybe';
}

const anyOf = (choices: Answer[]): Answer => {
  if (choices.every((choice) => choice === 'no')) return 'no';
  return choices.includes('yes') ? 'yes' : 'maybe';
};

const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
const isClosed = (schema: JsonSchema): boolean => schema['additionalProperties'] === false;

/** What the schema's own keywords say, without the schemas it is combined with. */
function own(schema: JsonSchema, question: Question): Answer {
  const [head = '', ...rest] = question.path;
  const types = typeof schema['type'] === 'string' ? [schema['type']] : listOf(schema['type']);
  const child = childOf(schema, head, types);
  if (child === undefined) return 'maybe';
  const answer = child === false ? 'no' : ask(child, { ...question, path: rest });
  // A value under a free name may be there or not; what is declared counts as there.
  const free = child === schema['additionalProperties'] && head !== '[]';
  return answer === 'yes' && free ? 'maybe' : answer;
}

/** The schema below one segment; false when nothing can be there; undefined when this schema does not say. */
function childOf(schema: JsonSchema, segment: string, types: Json[]): Json | undefined {
  const list = segment === '[]' || /^\d+$/.test(segment);
  const couldBe = (type: string): boolean => types.length === 0 || types.includes(type);
  if (list && couldBe('array')) {
    const item = itemOf(schema, segment);
    if (item !== undefined || !couldBe('object')) return item;
  }
  if (!couldBe('object')) return false;
  return segment === '[]' ? anyProperty(schema) : namedProperty(schema, segment);
}

function itemOf(schema: JsonSchema, segment: string): Json | undefined {
  const prefix = listOf(schema['prefixItems']);
  if (segment === '[]') return prefix.length === 0 ? schema['items'] : undefined;
  return prefix[Number(segment)] ?? schema['items'];
}

/** Any value of an object: known only when all of them share one schema. */
function anyProperty(schema: JsonSchema): Json | undefined {
  const named = isSchema(schema['properties']) && Object.keys(schema['properties']).length > 0;
  return named || schema['patternProperties'] !== undefined ? undefined : schema['additionalProperties'];
}

/**
 * A name that an object schema does not declare counts as absent, although JSON Schema would let it be there: whoever
 * reads it relies on something that nobody promised. `additionalProperties` says that free names are meant.
 */
function namedProperty(schema: JsonSchema, segment: string): Json | undefined {
  const properties = schema['properties'];
  if (isSchema(properties) && Object.hasOwn(properties, segment)) return properties[segment];
  if (schema['patternProperties'] !== undefined) return undefined;
  if (schema['additionalProperties'] !== undefined) return schema['additionalProperties'];
  return isSchema(properties) && Object.keys(properties).length > 0 ? false : undefined;
}

/** What `$ref` stands for; `true` (anything) when it cannot be followed. */
function resolveRef(schema: JsonSchema, question: Question): Json | undefined {
  const ref = schema['$ref'];
  if (typeof ref !== 'string') return undefined;
  if (!ref.startsWith('#') || question.refs >= MAX_REFS) return true;
  let at: Json | undefined = question.root;
  for (const segment of segmentsOf(decodeURIComponent(ref.slice(1)))) {
    at = at !== null && typeof at === 'object' ? (at as Record<string, Json>)[segment] : undefined;
  }
  return at;
}

/** Every schema that is said to apply at the path. */
function collect(schema: Json | undefined, question: Question): Json[] {
  if (!isSchema(schema)) return [];
  const target = resolveRef(schema, question);
  if (question.path.length === 0) {
    if (target === undefined) return [schema];
    return isSchema(target) && Object.keys(schema).length === 1
      ? collect(target, { ...question, refs: question.refs + 1 })
      : [schema];
  }
  const [head = '', ...rest] = question.path;
  const types = typeof schema['type'] === 'string' ? [schema['type']] : listOf(schema['type']);
  const child = childOf(schema, head, types);
  const combined = [...listOf(schema['allOf']), ...listOf(schema['anyOf']), ...listOf(schema['oneOf'])];
  return [
    ...collect(child, { ...question, path: rest }),
    ...(target === undefined ? [] : collect(target, { ...question, refs: question.refs + 1 })),
    ...combined.flatMap((part) => collect(part, question)),
  ];
}
