import type { JsonSchema } from '@stagewright/engine';

function nested(depth: number): JsonSchema {
  let schema: JsonSchema = { type: 'string' };
  for (let level = 1; level < depth; level += 1) schema = { type: 'object', properties: { a: schema } };
  return schema;
}

const withProperties = (count: number): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, {}])),
});

export const parsed = (text: string): unknown => JSON.parse(text);

/** Row of the fault catalogue, the schema, the code, and where. */
export const HOSTILE_SCHEMAS: Array<[row: string, schema: unknown, code: string, pointer?: string]> = [
  [
    'J01 overlapping alternatives',
    { type: 'string', pattern: '^(a|a)*$' },
    'SCHEMA_UNSAFE_PATTERN',
    '/pattern',
  ],
  [
    'J01 nested repetition',
    { properties: { x: { type: 'string', pattern: '(a+)+$' } } },
    'SCHEMA_UNSAFE_PATTERN',
    '/properties/x/pattern',
  ],
  [
    'J01 in the names of properties',
    { patternProperties: { '^(a*)*$': {} } },
    'SCHEMA_UNSAFE_PATTERN',
    '/patternProperties/^(a*)*$',
  ],
  ['J01 look-around', { type: 'string', pattern: '(?=a)b' }, 'SCHEMA_UNSAFE_PATTERN', '/pattern'],
  [
    'J01 too large together',
    { allOf: Array.from({ length: 6 }, (_, i) => ({ type: 'string', pattern: `^[a-z]{1,${990 + i}}$` })) },
    'SCHEMA_UNSAFE_PATTERN',
    '/allOf/5/pattern',
  ],
  ['J02 over the network', { $ref: 'http://169.254.169.254/x.json' }, 'SCHEMA_REMOTE_REF', '/$ref'],
  ['J02 a file', { items: { $ref: 'file:///etc/passwd' } }, 'SCHEMA_REMOTE_REF', '/items/$ref'],
  ['J02 a relative file', { $ref: 'other.json#/a' }, 'SCHEMA_REMOTE_REF', '/$ref'],
  [
    'J02 the meta-schema',
    { $ref: 'https://json-schema.org/draft/2020-12/schema' },
    'SCHEMA_REMOTE_REF',
    '/$ref',
  ],
  ['J03 8,000 deep', nested(8000), 'SCHEMA_TOO_BIG'],
  ['J03 21 deep', nested(21), 'SCHEMA_TOO_BIG'],
  ['J03 20,000 properties', withProperties(20_000), 'SCHEMA_TOO_BIG', ''],
  ['J03 501 properties', withProperties(501), 'SCHEMA_TOO_BIG', ''],
  ['J03 too long', { description: 'x'.repeat(65_536) }, 'SCHEMA_TOO_BIG', ''],
  ['J03 too many schemas', { anyOf: Array.from({ length: 1500 }, () => ({})) }, 'SCHEMA_TOO_BIG', ''],
  [
    'J04 $data',
    { properties: { a: { pattern: { $data: '1/b' } } } },
    'SCHEMA_INVALID',
    '/properties/a/pattern',
  ],
  ['J04 $data as a limit', { maximum: { $data: '1/b' } }, 'SCHEMA_INVALID', '/maximum'],
  [
    'J07 __proto__ as a property',
    parsed('{"properties":{"__proto__":{"default":{"admin":true}}}}'),
    'TEMPLATE_KEY_FORBIDDEN',
    '/properties/__proto__',
  ],
  [
    'J07 __proto__ in a default',
    parsed('{"default":{"a":{"__proto__":{"admin":true}}}}'),
    'TEMPLATE_KEY_FORBIDDEN',
    '/default/a/__proto__',
  ],
  [
    'J07 constructor',
    parsed('{"properties":{"constructor":{}}}'),
    'TEMPLATE_KEY_FORBIDDEN',
    '/properties/constructor',
  ],
  ['unknown keyword', { properties: { a: { typ: 'string' } } }, 'SCHEMA_INVALID', '/properties/a/typ'],
  ['unknown type', { type: 'text' }, 'SCHEMA_INVALID', '/type'],
  ['unknown format', { type: 'string', format: 'dat' }, 'SCHEMA_INVALID', ''],
  ['another draft', { $schema: 'http://json-schema.org/draft-07/schema#' }, 'SCHEMA_INVALID', '/$schema'],
  [
    'an id inside',
    { properties: { a: { $id: 'https://example.org/a' } } },
    'SCHEMA_INVALID',
    '/properties/a/$id',
  ],
  ['a reference to nothing', { items: { $ref: '#/$defs/gone' } }, 'SCHEMA_INVALID', '/items/$ref'],
  [
    'a required name that cannot be there',
    { type: 'object', required: ['a', 'b'], additionalProperties: false, properties: { a: {} } },
    'SCHEMA_INVALID',
    '/required/1',
  ],
  ['not an object', true, 'SCHEMA_INVALID', ''],
  ['a list', [], 'SCHEMA_INVALID', ''],
  ['nothing', null, 'SCHEMA_INVALID', ''],
  ['not JSON', { default: () => 1 }, 'SCHEMA_INVALID', '/default'],
];

/** Next to each hostile row something an author may well write, a value that fits and one that does not. */
export const BENIGN_SCHEMAS: Array<[row: string, schema: JsonSchema, fits: unknown, not: unknown]> = [
  ['J01 a slug', { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' }, 'green-tea', 'Green Tea'],
  [
    'J01 names of properties',
    { patternProperties: { '^x-': { type: 'string' } }, additionalProperties: false },
    { 'x-a': 'b' },
    { a: 'b' },
  ],
  [
    'J01 one pattern many times',
    {
      properties: Object.fromEntries(
        Array.from({ length: 300 }, (_, i) => [`p${i}`, { type: 'string', pattern: '^[a-z]{1,900}$' }]),
      ),
    },
    { p1: 'a' },
    { p1: 'A' },
  ],
  ['J02 a definition', { $ref: '#/$defs/a', $defs: { a: { type: 'string' } } }, 'a', 1],
  [
    'J02 the schema itself',
    { type: 'object', properties: { child: { $ref: '#' }, name: { type: 'string' } } },
    { child: { child: { name: 'a' } } },
    { child: { child: { name: 1 } } },
  ],
  ['J03 20 deep', nested(20), {}, { a: 1 }],
  ['J03 500 properties', withProperties(500), {}, 1],
  [
    'J04 a property named $data',
    { type: 'object', properties: { $data: { type: 'string' } } },
    { $data: 'a' },
    { $data: 1 },
  ],
  [
    'J05 a short list without repetition',
    { type: 'array', uniqueItems: true },
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { a: 1 }],
  ],
  [
    'J07 a default',
    { type: 'object', properties: { proto: { type: 'string', default: 'x' } } },
    {},
    { proto: 1 },
  ],
  [
    'a required name that is free',
    { type: 'object', required: ['b'], properties: { a: {} } },
    { b: 1 },
    { a: 1 },
  ],
  [
    'a required name that a pattern allows',
    { type: 'object', required: ['x-b'], additionalProperties: false, patternProperties: { '^x-': {} } },
    { 'x-b': 1 },
    {},
  ],
  [
    'a property named pattern',
    { type: 'object', properties: { pattern: { type: 'string' }, $ref: { type: 'string' } } },
    { pattern: '(a+)+', $ref: 'http://x' },
    { pattern: 1 },
  ],
  [
    'the draft and an id',
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'https://example.org/brief.json',
      type: 'string',
    },
    'a',
    1,
  ],
  ['the id of another one', { $id: 'https://example.org/brief.json', type: 'number' }, 1, 'a'],
  [
    'the id of the meta-schema',
    { $id: 'https://json-schema.org/draft/2020-12/schema', type: 'number' },
    1,
    'a',
  ],
  [
    'an artifact',
    { type: 'string', format: 'artifact' },
    '0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
    '../etc/passwd',
  ],
];
