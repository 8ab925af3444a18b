import {
  MAX_SCHEMA_DEPTH,
  MAX_SCHEMA_PROPERTIES,
  MAX_SUBSCHEMAS,
  remoteRef,
  schemaInvalid,
  schemaTooBig,
  unknownKeyword,
} from './contract.errors.ts';
import type { SchemaProblem } from './contract.errors.ts';
import { below } from './json-pointer.ts';

/** How the value of a keyword holds further schemas. */
type Holds = 'schema' | 'list' | 'map' | 'nothing';

/** Every keyword that a contract may use, and what is inside. Closed: anything else is refused. */
const KEYWORDS: ReadonlyMap<string, Holds> = keywordTable({
  nothing: `$schema $id $ref $comment title description default examples deprecated readOnly writeOnly
    type enum const format pattern minLength maxLength contentMediaType contentEncoding
    minimum maximum exclusiveMinimum exclusiveMaximum multipleOf
    minItems maxItems uniqueItems minContains maxContains
    required minProperties maxProperties dependentRequired`,
  schema: `items contains unevaluatedItems additionalProperties propertyNames unevaluatedProperties not if then else`,
  list: 'prefixItems allOf anyOf oneOf',
  map: 'properties patternProperties $defs dependentSchemas',
});

function keywordTable(names: Record<Holds, string>): Map<string, Holds> {
  const rows = (Object.keys(names) as Holds[]).flatMap((holds) =>
    names[holds].split(/\s+/).map((name): [string, Holds] => [name, holds]),
  );
  return new Map(rows);
}

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/** A schema object inside a schema, and where it stands. */
export interface Subschema {
  schema: Record<string, unknown>;
  pointer: string;
  /** 1 for the schema itself. */
  depth: number;
}

/**
 * Every schema object in a schema, itself first, walked by keyword: `properties` named "pattern" are not patterns.
 * What is not a schema where one is expected is left out; the meta-schema names it.
 */
export function subschemas(root: unknown): Subschema[] {
  const all: Subschema[] = [];
  const open: Array<{ value: unknown; pointer: string; depth: number }> = [
    { value: root, pointer: '', depth: 1 },
  ];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { value, pointer, depth } = next;
    if (value === null || typeof value !== 'object' || Array.isArray(value)) continue;
    const schema = value as Record<string, unknown>;
    all.push({ schema, pointer, depth });
    for (const [keyword, inside] of Object.entries(schema)) {
      const holds = KEYWORDS.get(keyword);
      const at = below(pointer, keyword);
      if (holds === 'schema') open.push({ value: inside, pointer: at, depth: depth + 1 });
      else if (holds && holds !== 'nothing' && inside !== null && typeof inside === 'object') {
        for (const [key, child] of Object.entries(inside))
          open.push({ value: child, pointer: below(at, key), depth: depth + 1 });
      }
    }
  }
  return all;
}

/** The caps on counts: what holds more than this is not looked at further. */
export function checkCounts(all: Subschema[]): SchemaProblem[] {
  const properties = all.reduce(
    (sum, { schema }) => sum + countKeys(schema['properties']) + countKeys(schema['patternProperties']),
    0,
  );
  if (properties > MAX_SCHEMA_PROPERTIES)
    return [
      schemaTooBig(`it names ${properties} properties, at most ${MAX_SCHEMA_PROPERTIES} are allowed`, ''),
    ];
  if (all.length > MAX_SUBSCHEMAS)
    return [schemaTooBig(`it holds ${all.length} schemas, at most ${MAX_SUBSCHEMAS} are allowed`, '')];
  const deep = all.find(({ depth }) => depth > MAX_SCHEMA_DEPTH);
  return deep ? [schemaTooBig(`schemas nest more than ${MAX_SCHEMA_DEPTH} deep`, deep.pointer)] : [];
}

/** Unknown keywords, and references that leave the schema. */
export function checkKeywords(all: Subschema[]): SchemaProblem[] {
  return all.flatMap(({ schema, pointer }) => [
    ...Object.keys(schema)
      .filter((keyword) => !KEYWORDS.has(keyword))
      .map((keyword) => unknownKeyword(keyword, below(pointer, keyword))),
    ...checkIdentity(schema, pointer),
  ]);
}

function checkIdentity(schema: Record<string, unknown>, pointer: string): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const { $ref: ref, $id: id, $schema: draft } = schema;
  if (typeof ref === 'string' && !/^#(?:\/|$)/.test(ref))
    problems.push(remoteRef(ref, below(pointer, '$ref')));
  if (id !== undefined && pointer !== '')
    problems.push(schemaInvalid('"$id" is allowed at the top only', below(pointer, '$id')));
  if (draft !== undefined && (pointer !== '' || (draft !== DRAFT && draft !== `${DRAFT}#`))) {
    problems.push(
      schemaInvalid(
        `"$schema" must be ${DRAFT}, at the top`,
        below(pointer, '$schema'),
        'Remove it: contracts are always JSON Schema 2020-12.',
      ),
    );
  }
  return problems;
}

const countKeys = (value: unknown): number =>
  value !== null && typeof value === 'object' ? Object.keys(value).length : 0;
