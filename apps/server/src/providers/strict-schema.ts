import type { Json, JsonSchema } from '@stagewright/engine';

/** What a service's constrained decoding understands of JSON Schema. */
export interface StrictDialect {
  /** Keywords that are passed on beside the structural ones; others are dropped, and checked by the engine afterwards. */
  keeps: ReadonlySet<string>;
  /** Whether a property may be left out of `required`. */
  optionalProperties: boolean;
  recursive: boolean;
}

/** developers.openai.com, "Structured Outputs", supported schemas (2026). */
export const OPENAI_DIALECT: StrictDialect = {
  keeps: new Set([
    'pattern',
    'format',
    'minimum',
    'maximum',
    'exclusiveMinimum',
    'exclusiveMaximum',
    'multipleOf',
    'minItems',
    'maxItems',
  ]),
  optionalProperties: false,
  recursive: true,
};

/** platform.claude.com, "Structured outputs", JSON Schema limitations (2026). */
export const ANTHROPIC_DIALECT: StrictDialect = {
  keeps: new Set([]),
  optionalProperties: true,
  recursive: false,
};

const FORMATS = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uuid',
]);
const COPIED = ['type', 'enum', 'const', 'description', 'title'];
/** Schemas that use these cannot be written in the strict subset without changing what they mean. */
const REFUSED = [
  'not',
  'if',
  'oneOf',
  'allOf',
  'patternProperties',
  'propertyNames',
  'prefixItems',
  'contains',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedProperties',
  'unevaluatedItems',
  '$dynamicRef',
  '$anchor',
  '$id',
  'minProperties',
];

/**
 * The contract in the subset that a service enforces while it writes. The result is wider than the contract where a keyword
 * is dropped and never narrower but for extra properties, so the engine's own validation decides in the end. Null when the
 * contract does not fit the subset.
 */
export function toStrictSchema(contract: JsonSchema, dialect: StrictDialect): JsonSchema | null {
  if (contract['type'] !== 'object') return null;
  if (!dialect.recursive && isRecursive(contract)) return null;
  try {
    return convert(contract, dialect);
  } catch (error) {
    if (error instanceof NotStrict) return null;
    throw error;
  }
}

class NotStrict extends Error {}

function convert(schema: Json | undefined, dialect: StrictDialect): JsonSchema {
  if (!isObject(schema) || REFUSED.some((keyword) => schema[keyword] !== undefined)) throw new NotStrict();
  const { $ref, anyOf, items, $defs } = schema;
  if (typeof $ref === 'string') {
    if (!/^#(\/\$defs\/[\w-]+)?$/.test($ref)) throw new NotStrict();
    return { $ref };
  }
  const strict: JsonSchema = {};
  for (const keyword of COPIED) if (schema[keyword] !== undefined) strict[keyword] = schema[keyword];
  for (const keyword of dialect.keeps) {
    const value = schema[keyword];
    if (value !== undefined && (keyword !== 'format' || (typeof value === 'string' && FORMATS.has(value))))
      strict[keyword] = value;
  }
  if (Array.isArray(anyOf)) strict['anyOf'] = anyOf.map((branch) => convert(branch, dialect));
  if (items !== undefined) strict['items'] = convert(items, dialect);
  if (isObject($defs)) strict['$defs'] = convertAll($defs, dialect);
  if (isOfType(schema, 'object')) Object.assign(strict, convertObject(schema, dialect));
  if (isOfType(schema, 'array') && items === undefined) throw new NotStrict();
  if (
    strict['type'] === undefined &&
    !['enum', 'const', 'anyOf'].some((keyword) => strict[keyword] !== undefined)
  )
    throw new NotStrict();
  return strict;
}

/** Closed objects only: a map of any names is not in the subset. */
function convertObject(schema: JsonSchema, dialect: StrictDialect): JsonSchema {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const names = Object.keys(properties);
  const required = [schema['required'] ?? []].flat();
  const open = schema['additionalProperties'];
  if (isObject(open) || (names.length === 0 && open !== false)) throw new NotStrict();
  if (required.some((name) => typeof name !== 'string' || !names.includes(name))) throw new NotStrict();
  if (!dialect.optionalProperties && names.some((name) => !required.includes(name))) throw new NotStrict();
  return { properties: convertAll(properties, dialect), required, additionalProperties: false };
}

function convertAll(schemas: JsonSchema, dialect: StrictDialect): JsonSchema {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, convert(schema, dialect)]),
  );
}

function isRecursive(contract: JsonSchema): boolean {
  const text = JSON.stringify(contract);
  if (text.includes('"$ref":"#"')) return true;
  const definitions = isObject(contract['$defs']) ? contract['$defs'] : {};
  const reaches = (from: string, seen: Set<string>): Set<string> => {
    for (const [, name] of JSON.stringify(definitions[from] ?? null).matchAll(
      /"\$ref":"#\/\$defs\/([^"]+)"/g,
    )) {
      if (name === undefined || seen.has(name)) continue;
      seen.add(name);
      reaches(name, seen);
    }
    return seen;
  };
  return Object.keys(definitions).some((name) => reaches(name, new Set()).has(name));
}

function isOfType(schema: JsonSchema, type: string): boolean {
  return [schema['type'] ?? []].flat().includes(type);
}

function isObject(value: Json | undefined): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The contract in words, for services and contracts without constrained decoding. */
export function contractInstruction(contract: JsonSchema): string {
  return `Answer with one JSON value and nothing else: no explanation, no code fence. It must satisfy this JSON Schema:\n${JSON.stringify(contract)}`;
}
