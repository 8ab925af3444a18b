import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonObject, JsonSchema } from '../vocabulary.ts';
import { canonicalJson, digestOf } from './canonical.ts';
import { resolveInputs } from './resolve-inputs.ts';
import { filesFromMap, resolveReference } from './registry-files.ts';
import { templateSchema } from './schema/template-schema.ts';

describe('canonicalJson', () => {
  it.each<[Json, string]>([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [{ '\u20ac': 1, '\r': 2, '1': 3 }, '{"\\r":2,"1":3,"€":1}'],
    [1e21, '1e+21'],
    [-0, '0'],
    ['"\\\u0001', '"\\"\\\\\\u0001"'],
  ])('%j', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('does not depend on the order of keys, and loses nothing', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false })), (record) => {
        const reversed = Object.fromEntries(Object.entries(record).reverse());
        expect(canonicalJson(reversed as JsonObject)).toBe(canonicalJson(record as JsonObject));
        expect(JSON.parse(canonicalJson(record as JsonObject))).toEqual(JSON.parse(JSON.stringify(record)));
      }),
    );
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY]])('refuses %p', (value) => {
    expect(() => canonicalJson({ value })).toThrow(expect.objectContaining({ code: 'JSON_INVALID' }));
  });
});

describe('digestOf', () => {
  it('is the sha256 of bytes, of text, or of canonical JSON', () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(digestOf('abc')).toBe(abc);
    expect(digestOf(new TextEncoder().encode('abc'))).toBe(abc);
    expect(digestOf({ b: 1, a: 2 })).toBe(digestOf('{"a":2,"b":1}'));
  });
});

describe('resolveInputs', () => {
  const schema: JsonSchema = {
    type: 'object',
    properties: {
      topic: { type: 'string' },
      chapters: { type: 'integer', default: 5 },
      layout: { type: 'object', properties: { size: { type: 'string', default: 'A5' } } },
      print: { type: 'object', default: {}, properties: { color: { type: 'boolean', default: false } } },
    },
  };

  it.each<[string, JsonObject, JsonObject]>([
    ['fills what is missing', {}, { chapters: 5, print: { color: false } }],
    [
      'keeps what is given, null too',
      { chapters: 0, topic: 'x', print: null },
      { chapters: 0, topic: 'x', print: null },
    ],
    [
      'fills nested objects that are there',
      { layout: {} },
      { chapters: 5, layout: { size: 'A5' }, print: { color: false } },
    ],
    ['leaves unknown inputs to validation', { more: 1 }, { more: 1, chapters: 5, print: { color: false } }],
  ])('%s', (_what, given, expected) => {
    expect(resolveInputs(schema, given)).toEqual(expected);
  });

  it('gives each run its own copy of a default', () => {
    const list: JsonSchema = { properties: { tags: { default: ['a'] } } };
    (resolveInputs(list, {})['tags'] as string[]).push('b');
    expect(resolveInputs(list, {})).toEqual({ tags: ['a'] });
  });

  it('does not touch a prototype', () => {
    const evil = JSON.parse('{"properties": {"__proto__": {"default": {"admin": true}}}}') as JsonSchema;
    expect(resolveInputs(evil, {})).toEqual({});
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });
});

describe('file references', () => {
  const files = filesFromMap(
    new Map([
      ['templates/t/prompts/a.hbs', ''],
      ['prompts/a.hbs', ''],
      ['prompts/b.hbs', ''],
      ['secrets.txt', ''],
      ['templates/t10/prompts/x.hbs', ''],
    ]),
  );

  it.each([
    ['prompts/a.hbs', 'templates/t/prompts/a.hbs', true],
    ['prompts/b.hbs', 'prompts/b.hbs', true],
    ['prompts/c.hbs', 'templates/t/prompts/c.hbs', false],
    ['secrets.txt', 'templates/t/secrets.txt', false],
  ])('%s means %s', (reference, path, exists) => {
    expect(resolveReference(files, 'templates/t', reference)).toEqual({ path, exists });
  });

  it.each([
    ...[
      '../t10/prompts/x.hbs',
      '/etc/passwd',
      'prompts/../../x',
      './a',
      'a//b',
      '',
      '.',
      '.git/config',
      'a/.env',
      '..\\x',
      'C:\\x',
      'c:/x',
    ],
    ...['a\u0000b', 'a\nb', 'prompts/%2e%2e/x', '\u202egpj.hbs', 'x'.repeat(300), '~/x', 'http://a/b'],
  ])('%j is refused', (reference) => {
    expect(resolveReference(files, 'templates/t', reference)).toBeNull();
  });
});

describe('the published schema', () => {
  it('is a JSON Schema 2020-12 that compiles, and gives a new copy each time', () => {
    const schema = templateSchema();
    expect(() =>
      new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false }).compile(
        schema,
      ),
    ).not.toThrow();
    schema['title'] = 'changed';
    expect(templateSchema()['title']).toBe('Stagewright template');
  });

  it('says of every field what it is', () => {
    const bare: string[] = [];
    const visit = (schema: Json, path: string): void => {
      if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return;
      for (const [name, property] of Object.entries((schema['properties'] ?? {}) as JsonObject)) {
        const described = property as JsonObject;
        const isDescribed = '$ref' in described || 'description' in described || 'const' in described;
        if (!isDescribed) bare.push(`${path}.${name}`);
        visit(property, `${path}.${name}`);
      }
      for (const [name, definition] of Object.entries((schema['$defs'] ?? {}) as JsonObject))
        visit(definition, name);
    };
    visit(templateSchema(), '');
    expect(bare).toEqual([]);
  });
});
