import { describe, expect, it } from '@jest/globals';
import type { JsonSchema } from '@stagewright/engine';

import { ANTHROPIC_DIALECT, OPENAI_DIALECT, toStrictSchema } from './strict-schema.ts';

const closed = (properties: JsonSchema, more: JsonSchema = {}): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});
const text = { type: 'string' };

describe('a contract as a strict schema', () => {
  it('loses what the service does not enforce, and keeps the rest', () => {
    const contract = {
      $schema: 'x',
      ...closed({
        n: { type: 'integer', minimum: 1, description: 'a count' },
        s: { ...text, minLength: 3, format: 'date' },
      }),
    };
    expect(toStrictSchema(contract, OPENAI_DIALECT)).toEqual(
      closed({ n: { type: 'integer', minimum: 1, description: 'a count' }, s: { ...text, format: 'date' } }),
    );
    expect(toStrictSchema(contract, ANTHROPIC_DIALECT)).toEqual(
      closed({ n: { type: 'integer', description: 'a count' }, s: text }),
    );
  });

  it('closes objects that the contract leaves open, since a closed answer satisfies it too', () => {
    const open = { type: 'object', properties: { a: text }, required: ['a'] };
    expect(toStrictSchema(open, OPENAI_DIALECT)).toEqual(closed({ a: text }));
  });

  it('keeps nested lists, references and branches', () => {
    const contract = closed(
      {
        list: { type: 'array', items: { $ref: '#/$defs/part' } },
        either: { anyOf: [text, { type: 'null' }] },
      },
      { $defs: { part: closed({ a: text }) } },
    );
    expect(toStrictSchema(contract, OPENAI_DIALECT)).toEqual(contract);
    expect(toStrictSchema(contract, ANTHROPIC_DIALECT)).toEqual(contract);
  });

  it('may have optional properties for Anthropic, not for OpenAI', () => {
    const contract = closed({ a: text, b: text }, { required: ['a'] });
    expect(toStrictSchema(contract, OPENAI_DIALECT)).toBeNull();
    expect(toStrictSchema(contract, ANTHROPIC_DIALECT)).toEqual(contract);
  });

  it('may be recursive for OpenAI, not for Anthropic', () => {
    const node = closed({ next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } });
    const contract = closed({ first: { $ref: '#/$defs/node' } }, { $defs: { node } });
    expect(toStrictSchema(contract, OPENAI_DIALECT)).toEqual(contract);
    expect(toStrictSchema(contract, ANTHROPIC_DIALECT)).toBeNull();
  });

  it.each<[string, JsonSchema]>([
    ['a list at the root', { type: 'array', items: text }],
    ['a map', { type: 'object', additionalProperties: text }],
    ['a free object', { type: 'object' }],
    ['a part without a type', closed({ a: {} })],
    ['exactly one branch', closed({ a: { oneOf: [text, { type: 'null' }] } })],
    ['a negation', closed({ a: { ...text, not: { const: 'x' } } })],
    ['a list of anything', closed({ a: { type: 'array' } })],
    ['a required property that is not described', { ...closed({ a: text }), required: ['a', 'b'] }],
  ])('does not exist for %s', (_, contract) => {
    expect(toStrictSchema(contract, OPENAI_DIALECT)).toBeNull();
  });
});
