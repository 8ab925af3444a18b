import { describe, expect, it } from '@jest/globals';
import type { JsonSchema } from '../vocabulary.ts';
import { schemaAt, shapeAt } from './schema-shape.ts';

const SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    topic: { type: 'string' },
    chapters: { type: 'array', items: { $ref: '#/$defs/chapter' } },
    pair: {
      type: 'array',
      prefixItems: [{ type: 'string' }, { type: 'object', properties: { a: {} } }],
      items: false,
    },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    open: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: true },
    closed: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false },
    any: {},
    object: { type: 'object' },
    named: { type: 'object', patternProperties: { '^x-': {} } },
    both: { allOf: [{ properties: { a: { type: 'string' } } }, { properties: { b: { type: 'number' } } }] },
    either: { oneOf: [{ type: 'object', properties: { a: { type: 'string' } } }, { type: 'null' }] },
    neither: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    maybeList: { type: ['array', 'null'], items: { type: 'string' } },
    circle: { $ref: '#/$defs/circle' },
    'a/b': { type: 'object', properties: { c: {} } },
    slash: { $ref: '#/properties/a~1b' },
    requires: { type: 'object', properties: { a: {} }, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
  },
  $defs: {
    chapter: {
      type: 'object',
      properties: { title: { type: 'string' }, parts: { type: 'array', items: { $ref: '#/$defs/chapter' } } },
    },
    circle: { $ref: '#/$defs/circle' },
  },
};

describe('whether a value has a path', () => {
  it.each([
    ['', 'yes'],
    ['topic', 'yes'],
    ['topik', 'no'],
    ['topic.x', 'no'],
    ['topic.length', 'no'],
    ['chapters', 'yes'],
    ['chapters.[]', 'yes'],
    ['chapters.0', 'yes'],
    ['chapters.x', 'no'],
    ['chapters.[].title', 'yes'],
    ['chapters.0.title', 'yes'],
    ['chapters.[].titel', 'no'],
    ['chapters.[].parts.[].parts.3.title', 'yes'],
    ['pair.0', 'yes'],
    ['pair.1.a', 'yes'],
    ['pair.1.b', 'no'],
    ['pair.2', 'no'],
    ['pair.[]', 'maybe'],
    ['labels.x', 'maybe'],
    ['labels.x.y', 'no'],
    ['labels.[]', 'yes'],
    ['open.a', 'yes'],
    ['open.b', 'maybe'],
    ['open.b.c', 'maybe'],
    ['closed.a', 'yes'],
    ['closed.b', 'no'],
    ['any', 'yes'],
    ['any.x.y', 'maybe'],
    ['object.x', 'maybe'],
    ['named.x-a', 'maybe'],
    ['both.a', 'yes'],
    ['both.b', 'yes'],
    ['both.c', 'no'],
    ['either.a', 'yes'],
    ['either.b', 'no'],
    ['neither.a', 'no'],
    ['maybeList.[]', 'yes'],
    ['maybeList.[].x', 'no'],
    ['maybeList.x', 'no'],
    ['circle.x', 'maybe'],
    ['slash.c', 'yes'],
    ['slash.d', 'no'],
    ['requires.a', 'yes'],
    ['requires.z', 'no'],
  ])('%s: %s', (path, answer) => {
    expect(shapeAt(SCHEMA, path === '' ? [] : path.split('.'))).toBe(answer);
  });

  it.each([
    ['topic', 'string'],
    ['chapters', 'array'],
    ['chapters.[]', 'object'],
    ['chapters.[].title', 'string'],
    ['pair.1', 'object'],
    ['labels.x', 'string'],
    ['labels.[]', 'string'],
    ['both.b', 'number'],
    ['either.a', 'string'],
    ['topik', undefined],
    ['any.x', undefined],
    ['circle.x', undefined],
  ])('the schema at %s is of type %s', (path, type) => {
    expect(schemaAt(SCHEMA, path.split('.'))?.['type']).toBe(type);
  });

  it('the schema at a path can be asked further: it brings the definitions along', () => {
    const chapters = schemaAt(SCHEMA, ['chapters']);
    expect(chapters && shapeAt(chapters, ['[]', 'parts', '[]', 'title'])).toBe('yes');
  });
});
