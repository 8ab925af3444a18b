import { describe, expect, it } from '@jest/globals';
import { validateTrusted } from '@stagewright/engine';
import type { Json, JsonObject, JsonSchema } from '@stagewright/engine';
import fc from 'fast-check';

import { fillContract } from './fill-contract.ts';
import { createRandom } from './random.ts';
import { readTheme } from './theme.ts';

function fill(contract: JsonSchema, subject: JsonObject = { inputs: { topic: 'Green tea' } }): Json {
  return fillContract(contract, readTheme({ subject, messages: [] }), createRandom('seed'), validateTrusted);
}

const object = (properties: JsonSchema, more: JsonSchema = {}): JsonSchema => ({
  type: 'object',
  required: Object.keys(properties),
  additionalProperties: false,
  properties,
  ...more,
});

const CONTRACTS: Array<[story: string, contract: JsonSchema]> = [
  [
    'constants and enumerations',
    object({ kind: { const: 'tea' }, size: { enum: ['s', 'm'] }, any: { const: null } }),
  ],
  [
    'numbers on a grid',
    object({
      a: { type: 'number', minimum: 0.1, maximum: 0.4, multipleOf: 0.1 },
      b: { type: 'integer', exclusiveMinimum: 7, exclusiveMaximum: 9 },
    }),
  ],
  [
    'negative and open bounds',
    object({
      a: { type: 'integer', maximum: -5 },
      b: { type: 'number', exclusiveMinimum: 1000 },
      c: { type: 'integer', multipleOf: 7 },
    }),
  ],
  [
    'a number between close bounds',
    object({
      a: { type: 'number', minimum: 0.11, maximum: 0.12 },
      b: { type: 'integer', multipleOf: 1.5, minimum: 4 },
    }),
  ],
  [
    'exact lengths',
    object({
      title: { type: 'string', minLength: 40, maxLength: 40 },
      code: { type: 'string', maxLength: 1 },
      none: { type: 'string', maxLength: 0 },
    }),
  ],
  ['long texts', object({ text: { type: 'string', minLength: 5000, maxLength: 5100 } })],
  [
    'patterns',
    object({
      isbn: { type: 'string', pattern: '^97[89]-\\d-\\d{4}-\\d{4}-\\d$' },
      slug: { type: 'string', pattern: '^[a-z]+(-[a-z]+)*$', minLength: 30, maxLength: 32 },
      either: { type: 'string', pattern: '^(?:yes|no)$' },
      open: { type: 'string', pattern: '\\p{Lu}{3}' },
      not: { type: 'string', pattern: '^[^a-z\\s]{4,}$' },
    }),
  ],
  [
    'formats',
    object({
      d: { type: 'string', format: 'date' },
      dt: { type: 'string', format: 'date-time' },
      t: { type: 'string', format: 'time' },
      u: { type: 'string', format: 'uri' },
      e: { type: 'string', format: 'email' },
      id: { type: 'string', format: 'uuid' },
      h: { type: 'string', format: 'hostname' },
      v4: { type: 'string', format: 'ipv4' },
      v6: { type: 'string', format: 'ipv6' },
    }),
  ],
  [
    'short formats',
    object({
      e: { type: 'string', format: 'email', maxLength: 16 },
      u: { type: 'string', format: 'uri', minLength: 90 },
    }),
  ],
  [
    'distinct entries',
    object({
      tags: { type: 'array', uniqueItems: true, minItems: 6, items: { type: 'string', maxLength: 30 } },
      days: { type: 'array', uniqueItems: true, minItems: 3, items: { enum: ['mon', 'tue', 'wed'] } },
      both: { type: 'array', uniqueItems: true, minItems: 2, items: { type: 'boolean' } },
    }),
  ],
  [
    'distinct formatted entries',
    object({
      links: { type: 'array', uniqueItems: true, minItems: 5, items: { type: 'string', format: 'uri' } },
    }),
  ],
  [
    'tuples',
    object({
      pair: {
        type: 'array',
        prefixItems: [{ type: 'string' }, { type: 'integer' }],
        items: false,
        minItems: 2,
      },
    }),
  ],
  [
    'a list that contains something',
    object({
      list: {
        type: 'array',
        items: { type: 'integer', minimum: 0, maximum: 100 },
        contains: { minimum: 90 },
        minContains: 2,
      },
    }),
  ],
  [
    'definitions',
    {
      $defs: { part: object({ title: { type: 'string' } }) },
      ...object({ parts: { type: 'array', minItems: 2, items: { $ref: '#/$defs/part' } } }),
    },
  ],
  [
    'a recursive tree',
    {
      $defs: {
        node: {
          type: 'object',
          required: ['title', 'children'],
          properties: {
            title: { type: 'string' },
            children: { type: 'array', items: { $ref: '#/$defs/node' } },
          },
        },
      },
      $ref: '#/$defs/node',
    },
  ],
  [
    'a recursive chain that may end',
    {
      $defs: {
        link: {
          type: 'object',
          required: ['next'],
          properties: { next: { anyOf: [{ $ref: '#/$defs/link' }, { type: 'null' }] } },
        },
      },
      $ref: '#/$defs/link',
    },
  ],
  [
    'all of several',
    {
      allOf: [
        object({ a: { type: 'string', minLength: 5 } }, { additionalProperties: true }),
        { properties: { a: { maxLength: 9 }, b: { type: 'integer' } }, required: ['b'] },
      ],
    },
  ],
  [
    'exactly one of overlapping branches',
    object({
      x: { oneOf: [{ type: 'string', minLength: 3 }, { type: 'string', maxLength: 50 }, { type: 'null' }] },
    }),
  ],
  [
    'any of branches beside keywords',
    object({
      x: {
        type: 'object',
        required: ['kind'],
        properties: { kind: { type: 'string' } },
        anyOf: [{ properties: { kind: { const: 'a' } } }, { properties: { kind: { const: 'b' } } }],
      },
    }),
  ],
  [
    'something that must not be',
    object({ x: { type: 'integer', minimum: 1, maximum: 3, not: { const: 1 } } }),
  ],
  [
    'a condition',
    object(
      { kind: { enum: ['book', 'film'] }, pages: { type: 'integer' }, minutes: { type: 'integer' } },
      {
        required: ['kind'],
        if: { properties: { kind: { const: 'film' } } },
        then: { required: ['minutes'] },
        else: { required: ['pages'] },
      },
    ),
  ],
  ['a map of names', { type: 'object', minProperties: 3, additionalProperties: { type: 'integer' } }],
  [
    'names by pattern',
    {
      type: 'object',
      minProperties: 2,
      patternProperties: { '^x-[a-z]+$': { type: 'string' } },
      additionalProperties: false,
    },
  ],
  [
    'names that must match',
    {
      type: 'object',
      minProperties: 2,
      propertyNames: { pattern: '^[A-Z]{2,8}$' },
      additionalProperties: { type: 'boolean' },
    },
  ],
  [
    'few properties',
    object(
      { a: { type: 'string' }, b: { type: 'string' }, c: { type: 'string' } },
      { required: ['a'], maxProperties: 2 },
    ),
  ],
  [
    'properties that ask for others',
    object(
      { a: { type: 'string' }, b: { type: 'string' } },
      { required: ['a'], dependentRequired: { a: ['b'] } },
    ),
  ],
  [
    'several types',
    object({
      a: { type: ['null', 'string'] },
      b: { type: ['integer', 'array'], items: { type: 'string' } },
      c: { type: 'null' },
    }),
  ],
  ['anything', {}],
  ['a list at the root', { type: 'array', minItems: 2, items: { type: 'string' } }],
  [
    'a name that objects have already',
    object({ toString: { type: 'string' }, valueOf: { type: 'integer' } }),
  ],
];

describe('the offline provider fills', () => {
  it.each(CONTRACTS)('%s', (_, contract) => {
    expect(validateTrusted(contract, fill(contract))).toEqual([]);
  });

  it.each<[string, JsonSchema]>([
    ['nothing allowed', object({ a: false })],
    ['bounds that cross', object({ a: { type: 'integer', minimum: 5, maximum: 4 } })],
    [
      'more distinct entries than there are',
      object({ a: { type: 'array', uniqueItems: true, minItems: 3, items: { type: 'boolean' } } }),
    ],
    ['a pattern with look-ahead', object({ a: { type: 'string', pattern: '^(?=a)a$' } })],
    [
      'an endless chain',
      {
        $defs: {
          link: { type: 'object', required: ['next'], properties: { next: { $ref: '#/$defs/link' } } },
        },
        $ref: '#/$defs/link',
      },
    ],
    ['a reference in a circle', { $defs: { a: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' }],
    ['a huge list', object({ a: { type: 'array', minItems: 1_000_000, items: { type: 'integer' } } })],
  ])('or says clearly that it cannot: %s', (_, contract) => {
    expect(() =>
      fillContract(
        contract,
        readTheme({ subject: {}, messages: [] }),
        createRandom('x'),
        validateTrustedOrNone,
      ),
    ).toThrow(expect.objectContaining({ code: 'OFFLINE_CONTRACT_UNSUPPORTED', retryable: false }));
  });

  it('any contract that can be generated', () => {
    fc.assert(
      fc.property(contracts, fc.string({ minLength: 1, maxLength: 40 }), (contract, topic) => {
        const value = fill(contract, { inputs: { topic } });
        expect(validateTrusted(contract, value)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

/** Contracts that cannot even be compiled never get as far as the validator. */
function validateTrustedOrNone(): [] {
  return [];
}

const bounds = (least: number, most: number): fc.Arbitrary<[number, number]> =>
  fc
    .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);

const scalar: fc.Arbitrary<JsonSchema> = fc.oneof(
  bounds(-50, 50).map(([minimum, maximum]) => ({ type: 'integer', minimum, maximum })),
  bounds(-50, 50).map(([minimum, maximum]) => ({ type: 'number', minimum, maximum })),
  bounds(0, 300).map(([minLength, maxLength]) => ({ type: 'string', minLength, maxLength })),
  fc.constantFrom('date', 'date-time', 'uri', 'email', 'uuid').map((format) => ({ type: 'string', format })),
  fc
    .constantFrom('^[a-z]{2,9}$', '^\\d{3}-\\w+$', '^(a|b|cd)+$', '[0-9]+')
    .map((pattern) => ({ type: 'string', pattern })),
  fc
    .uniqueArray(fc.oneof(fc.integer(), fc.string()), { minLength: 1, maxLength: 4 })
    .map((values) => ({ enum: values })),
  fc.constant({ type: 'boolean' }),
  fc.constant({ type: 'null' }),
);

const NAMES = fc.constantFrom(
  'title',
  'text',
  'summary',
  'chapters',
  'keywords',
  'name',
  'tone',
  'count',
  'x',
);

const contracts: fc.Arbitrary<JsonSchema> = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc
      .tuple(tie('schema'), bounds(0, 4))
      .map(([items, [minItems, maxItems]]) => ({ type: 'array', items, minItems, maxItems })),
    fc.tuple(fc.dictionary(NAMES, tie('schema'), { maxKeys: 5 }), fc.boolean()).map(([properties, all]) => ({
      type: 'object',
      properties,
      required: all ? Object.keys(properties) : Object.keys(properties).slice(0, 1),
      additionalProperties: false,
    })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    tie('schema').map((part) => ({ allOf: [part, { description: 'the same' }] })),
  ),
})).schema;
