import { describe, expect, it } from '@jest/globals';
import type { Json, JsonSchema } from '../vocabulary.ts';
import { validateTrusted } from './validator.ts';

const BOOK: JsonSchema = {
  type: 'object',
  required: ['topic'],
  additionalProperties: false,
  properties: {
    topic: { type: 'string', minLength: 3, maxLength: 5 },
    tone: { enum: ['calm', 'loud'] },
    many: { enum: Array.from({ length: 20 }, (_, index) => index) },
    kind: { const: 'book' },
    count: { type: 'integer', minimum: 1, exclusiveMaximum: 40, multipleOf: 2 },
    either: { type: ['string', 'null'] },
    chapters: {
      type: 'array',
      minItems: 1,
      maxItems: 2,
      uniqueItems: true,
      items: {
        type: 'object',
        required: ['title'],
        properties: { title: { type: 'string' }, 'a/b': { type: 'string' } },
      },
    },
    slug: { type: 'string', pattern: '^[a-z]+$' },
    day: { type: 'string', format: 'date' },
    choice: { anyOf: [{ type: 'string' }, { type: 'object', required: ['x'] }] },
    one: { oneOf: [{ type: 'number' }, { minimum: 1, type: 'integer' }] },
    never: false,
  },
  dependentRequired: { slug: ['day'] },
};

describe('what breaks a contract is told in words', () => {
  it.each<[Json, string, string]>([
    [{}, '/topic', 'topic is required'],
    [{ topic: 'Tea', chapters: [{ title: 'a' }, {}] }, '/chapters/1/title', 'chapters/1/title is required'],
    [{ topic: 'Tea', x: 1 }, '/x', 'x is not allowed here'],
    [{ topic: 7 }, '/topic', 'topic must be text, not the number 7'],
    [{ topic: null }, '/topic', 'topic must be text, not null'],
    [{ topic: 'Tea', either: [] }, '/either', 'either must be text or null, not a list'],
    [{ topic: 'ab' }, '/topic', 'topic must have at least 3 characters'],
    [{ topic: 'abcdef' }, '/topic', 'topic must have at most 5 characters'],
    [{ topic: 'Tea', tone: 'x' }, '/tone', 'tone must be one of "calm", "loud"'],
    [
      { topic: 'Tea', many: -1 },
      '/many',
      'many must be one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more',
    ],
    [{ topic: 'Tea', kind: 'x' }, '/kind', 'kind must be "book"'],
    [{ topic: 'Tea', count: 0 }, '/count', 'count must be at least 1'],
    [{ topic: 'Tea', count: 40 }, '/count', 'count must be less than 40'],
    [{ topic: 'Tea', count: 3 }, '/count', 'count must be a multiple of 2'],
    [{ topic: 'Tea', chapters: [] }, '/chapters', 'chapters must have at least 1 item'],
    [
      { topic: 'Tea', chapters: [{ title: 'a' }, { title: 'a' }] },
      '/chapters',
      'chapters must not repeat an item (0 and 1 are equal)',
    ],
    [
      { topic: 'Tea', chapters: [{ title: 'a', 'a/b': 1 }] },
      '/chapters/0/a~1b',
      'chapters/0/a/b must be text, not the number 1',
    ],
    [{ topic: 'Tea', slug: 'A', day: '2026-11-21' }, '/slug', 'slug must match the pattern ^[a-z]+$'],
    [{ topic: 'Tea', slug: 'a' }, '/day', 'day is required when slug is given'],
    [{ topic: 'Tea', day: '2026-02-30' }, '/day', 'day must be a date such as 2026-11-21'],
    [{ topic: 'Tea', choice: {} }, '/choice', 'choice fits none of the allowed shapes'],
    [{ topic: 'Tea', one: 3 }, '/one', 'one fits more than one of the allowed shapes'],
    [{ topic: 'Tea', never: 1 }, '/never', 'never is not allowed here'],
    [[], '', 'the value must be an object, not a list'],
  ])('%j', (value, path, message) => {
    expect(validateTrusted(BOOK, value)).toEqual([{ path, keyword: expect.any(String), message }]);
  });

  it('every violation is told, up to a hundred', () => {
    expect(validateTrusted(BOOK, { tone: 'x', kind: 1 })).toHaveLength(3);
    expect(
      validateTrusted(
        { type: 'array', items: { type: 'string' } },
        Array.from({ length: 500 }, () => 1),
      ),
    ).toHaveLength(100);
  });
});

describe('uniqueItems', () => {
  const schema: JsonSchema = { type: 'array', uniqueItems: true };

  it.each<[string, Json[], boolean]>([
    [
      'equal objects, keys in another order',
      [
        { a: 1, b: [2] },
        { b: [2], a: 1 },
      ],
      true,
    ],
    ['a number and its text', [1, '1'], false],
    ['a list and its parts', [['a', 'b'], ['a,b']], false],
    ['null twice', [null, null], true],
    ['one and one point nought', [1, 1.0], true],
    ['10,000 different texts', Array.from({ length: 10_000 }, (_, index) => `t${index}`), false],
  ])('%s', (_story, list, repeats) => {
    expect(validateTrusted(schema, list)).toHaveLength(repeats ? 1 : 0);
  });

  it('J05: compares so many objects and no more', () => {
    const objects = (count: number): Json => Array.from({ length: count }, (_, id) => ({ id }));
    expect(validateTrusted(schema, objects(2000))).toEqual([]);
    expect(() => validateTrusted(schema, objects(6000))).toThrow(
      expect.objectContaining({ code: 'OUTPUT_VALIDATION_BUDGET' }),
    );
  });
});
