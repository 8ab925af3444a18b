import { describe, expect, it } from '@jest/globals';
import type { JsonSchema } from '../vocabulary.ts';
import { BENIGN_SCHEMAS, HOSTILE_SCHEMAS, parsed } from '../../../../test/support/hostile/schemas.ts';
import { checkSchema } from './check-schema.ts';
import { validateTrusted } from './validator.ts';

describe('a hostile schema is refused', () => {
  it.each(
    HOSTILE_SCHEMAS.map(([row, schema, code, pointer = null]) => [row, code, schema, pointer] as const),
  )('%s gets %s', (_row, code, schema, pointer) => {
    const problems = checkSchema(schema);
    expect(problems[0]).toMatchObject(pointer === null ? { code } : { code, pointer });
    expect(problems[0]?.message).not.toBe('');
  });

  it('when it is used without having been checked, too, and pollutes nothing', () => {
    const schema = parsed('{"properties":{"__proto__":{"default":{"admin":true}}}}') as JsonSchema;
    expect(() => validateTrusted(schema, {})).toThrow(
      expect.objectContaining({ code: 'TEMPLATE_KEY_FORBIDDEN' }),
    );
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it.each(BENIGN_SCHEMAS)('%s is accepted', (_row, schema, fits, not) => {
    expect(checkSchema(schema)).toEqual([]);
    expect(validateTrusted(schema, fits as never)).toEqual([]);
    expect(validateTrusted(schema, not as never)).not.toEqual([]);
  });

  it('a schema that copies a big definition many times does not grow when it is compiled', () => {
    const big = {
      type: 'object',
      properties: Object.fromEntries(
        Array.from({ length: 300 }, (_, i) => [`p${i}`, { type: 'string', minLength: 1 }]),
      ),
    };
    const schema = { $defs: { big }, anyOf: Array.from({ length: 400 }, () => ({ $ref: '#/$defs/big' })) };
    expect(checkSchema(schema)).toEqual([]);
  });

  it('compiling the largest schema allowed ends in a few seconds on a busy machine', () => {
    const schema = { anyOf: Array.from({ length: 740 }, () => ({ type: 'object', minProperties: 1 })) };
    expect(checkSchema(schema)).toEqual([]);
  }, 10_000);
});

describe('validating leaves the value alone', () => {
  it('neither fills in defaults nor converts', () => {
    const value = { a: '1' };
    expect(
      validateTrusted({ type: 'object', properties: { a: { type: 'integer' }, b: { default: 1 } } }, value),
    ).toHaveLength(1);
    expect(value).toEqual({ a: '1' });
  });

  it('J06: a value too deep to look at is refused before anything walks it', () => {
    let deep: unknown[] = [];
    for (let level = 0; level < 20_000; level += 1) deep = [deep];
    const schema = {
      $ref: '#/$defs/node',
      $defs: { node: { type: 'array', items: { $ref: '#/$defs/node' } } },
    };
    expect(() => validateTrusted(schema, deep as never)).toThrow(
      expect.objectContaining({ code: 'OUTPUT_INVALID' }),
    );
    expect(validateTrusted(schema, [[[]]])).toEqual([]);
  });
});
