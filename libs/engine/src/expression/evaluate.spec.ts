import { Environment } from '@marcbachmann/cel-js';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Scope } from '../template/plan.ts';
import type { Json, JsonObject } from '../vocabulary.ts';
import { evaluate, evaluateValue } from './evaluate.ts';
import { parseValue } from './parse-value.ts';

const scope: Scope = {
  inputs: {
    topic: 'Tea',
    chapters: 5,
    price: 2.5,
    tags: ['a', 'b', 'c'],
    deep: { list: [1, 2, 3], none: null },
    flag: true,
  },
  stages: {
    outline: {
      output: {
        title: 'Tea',
        chapters: [
          { title: 'One', pages: 3 },
          { title: 'Two', pages: 8 },
        ],
      },
      state: 'done',
    },
    'my-stage': { output: 'x', state: 'done' },
    skipped: { output: null, state: 'skipped' },
  },
  run: { id: 'r1', title: 'A run', template: 't', version: '1.0.0' },
};

function code(source: string, over: Scope = scope): string {
  try {
    evaluate(source, over);
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

/** As the CEL library evaluates it, with whole numbers as it wants them. */
function byLibrary(source: string): unknown {
  const lifted = (value: unknown): unknown => {
    if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
    if (Array.isArray(value)) return value.map(lifted);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, lifted(item)]));
  };
  const lowered = (value: unknown): unknown => {
    if (typeof value === 'bigint') return Number(value);
    if (Array.isArray(value)) return value.map(lowered);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, lowered(item)]));
  };
  const environment = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false });
  return lowered(environment.evaluate(source, lifted(scope) as Record<string, unknown>));
}

describe('evaluate', () => {
  it.each([
    ['inputs.topic'],
    ['inputs.chapters + 2 * 3 - 1'],
    ['inputs.chapters / 2'],
    ['-inputs.chapters % 3'],
    ['inputs.price * 2.0'],
    ['inputs.price > 2 && inputs.chapters >= 5.0'],
    ['inputs.chapters == 5.0'],
    ['inputs.topic + "s"'],
    ['inputs.tags + ["d"]'],
    ['"a" in inputs.tags && !("z" in inputs.tags)'],
    ['"topic" in inputs'],
    ['inputs.tags[1]'],
    ['inputs["topic"]'],
    ['stages["my-stage"].output'],
    ['stages.outline.output.chapters.map(c, c.title)'],
    ['stages.outline.output.chapters.map(c, c.pages > 4, c.title)'],
    ['stages.outline.output.chapters.filter(c, c.pages > 4)[0].title'],
    ['stages.outline.output.chapters.all(c, c.pages > 2)'],
    ['stages.outline.output.chapters.exists(c, c.pages > 7)'],
    ['stages.outline.output.chapters.exists_one(c, c.pages > 2)'],
    ['inputs.tags.map(a, inputs.deep.list.map(b, a + string(b)))'],
    ['inputs.tags.map(inputs, inputs + "!")'],
    ['inputs.deep.map(key, key)'],
    ['size(inputs.tags) + inputs.topic.size()'],
    ['size("😀")'],
    ['has(inputs.topic) && !has(inputs.nothing)'],
    ['inputs.deep.none == null'],
    ['stages.skipped.output == null ? "no" : "yes"'],
    ['{"a": 1, "b": [true, null]}'],
    ['[1, 2] == [1, 2] && [1] != [2]'],
    ['inputs.topic.startsWith("T") || inputs.topic.endsWith("x")'],
    ['inputs.topic.lowerAscii() + inputs.topic.upperAscii() + " x ".trim()'],
    ['"a,b,c".split(",")'],
    ['"a,b,c".split(",", 2)'],
    ['inputs.tags.join("-")'],
    ['"hello".substring(1, 3) + "hello".substring(3)'],
    ['"hello".indexOf("l") + "hello".lastIndexOf("l") + "hello".indexOf("z")'],
    ['"tea-7".matches("^[a-z]+-[0-9]$")'],
    ['string(5) + string(true) + string(2.5)'],
    ['int("42") + int(3.9)'],
    ['double("2.5") + double(2)'],
    ['bool("true")'],
    ['false && inputs.nothing.deep'],
    ['inputs.nothing.deep && false'],
    ['true || 1 / 0 == 1'],
    ['[0, 1].exists(x, 1 / x == 1)'],
    ['"b" > "a" && 2 < 3'],
  ])('%s agrees with the CEL library', (source) => {
    expect(evaluate(source, scope)).toEqual(byLibrary(source));
  });

  it.each<[string, Json]>([
    ['inputs.chapters * 1.5', 7.5],
    ['inputs.chapters + inputs.price', 7.5],
    ['run.template + " " + run.version', 't 1.0.0'],
    ['stages.outline.state', 'done'],
    ['has(stages.skipped.output.title)', false],
    ['int("9007199254740991")', Number.MAX_SAFE_INTEGER],
  ])('%s gives %j', (source, expected) => {
    expect(evaluate(source, scope)).toEqual(expected);
  });

  it('sees the item and its index under forEach', () => {
    const item = { as: 'chapter', value: { title: 'One' }, index: 0 };
    expect(evaluate('string(index + 1) + ". " + chapter.title', { ...scope, item })).toBe('1. One');
    expect(code('chapter.title')).toBe('EXPRESSION_FAILED');
  });

  it.each([
    ['inputs.nothing'],
    ['inputs.topic.nothing'],
    ['stages.skipped.output.title'],
    ['inputs.tags[3]'],
    ['inputs.tags["a"]'],
    ['1 / 0'],
    ['1 % 0'],
    ['"a" + 1'],
    ['inputs.topic && true'],
    ['9223372036854775807 + 1'],
    ['9007199254740993'],
    ['1.0 / 0.0'],
    ['[1].join()'],
    ['"a".substring(2)'],
    ['"a".matches("(")'],
    ['int("x")'],
    ['unknown'],
    ['inputs.'],
    ['cel.bind(a, 1, a)'],
    ['timestamp("2020-01-01T00:00:00Z")'],
    ['b"bytes"'],
    ['{1: 2}'],
    [''],
  ])('%s fails with a code', (source) => {
    expect(code(source)).toBe('EXPRESSION_FAILED');
  });

  it.each([
    ['inputs.constructor'],
    ['inputs.__proto__'],
    ['inputs.toString'],
    ['inputs.tags.length'],
    ['"a".constructor'],
    ['process'],
    ['this'],
    ['globalThis'],
  ])('%s reaches nothing of JavaScript', (source) => {
    expect(code(source)).toBe('EXPRESSION_FAILED');
  });

  it('keeps a key that names a prototype as plain data', () => {
    const given = JSON.parse('{"__proto__": {"admin": true}}') as JsonObject;
    const result = evaluate('inputs', { ...scope, inputs: given });
    expect(Object.keys(result as JsonObject)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it('gives a copy, so that nobody changes the run through it', () => {
    const result = evaluate('inputs.deep', scope) as { list: number[] };
    result.list.push(4);
    expect(scope.inputs['deep']).toEqual({ list: [1, 2, 3], none: null });
  });

  it('never gives anything but JSON, whatever the expression', () => {
    const atoms = [
      'inputs.chapters',
      'inputs.price',
      'inputs.topic',
      'inputs.tags',
      'stages',
      '1',
      '2.5',
      '"x"',
      'null',
      'true',
      '[]',
      '{}',
    ];
    const tree = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(...atoms),
        fc
          .tuple(
            tie('node'),
            fc.constantFrom('+', '-', '*', '/', '%', '==', '!=', '<', '&&', '||', 'in'),
            tie('node'),
          )
          .map(([a, op, b]) => `(${a} ${op} ${b})`),
        fc
          .tuple(fc.constantFrom('size', 'string', 'int', 'double', 'bool'), tie('node'))
          .map(([name, a]) => `${name}(${a})`),
        fc
          .tuple(tie('node'), fc.constantFrom('map', 'filter', 'all', 'exists'), tie('node'))
          .map(([a, name, b]) => `${a}.${name}(v, ${b})`),
        fc.tuple(tie('node'), tie('node')).map(([a, b]) => `[${a}, ${b}]`),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (source) => {
        const failed = code(source);
        if (failed !== 'none') return expect(['EXPRESSION_FAILED', 'EXPRESSION_BUDGET']).toContain(failed);
        const result = evaluate(source, scope);
        return expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the bounds of an evaluation', () => {
  const items = Array.from({ length: 9_000 }, (_, index) => index);
  const large: Scope = {
    ...scope,
    inputs: { items, text: 'x'.repeat(600_000), evil: 'a'.repeat(30_000) + '!' },
  };

  it.each([
    ['two list functions in one another over a long list', 'inputs.items.map(a, inputs.items.map(b, a + b))'],
    ['a text that doubles', 'inputs.text + inputs.text'],
    ['a text joined many times', 'inputs.items.map(a, inputs.text).join()'],
    ['a split into characters', 'inputs.text.split("")'],
    ['a list that is put together', 'inputs.items + inputs.items'],
    ['a search repeated', 'inputs.items.filter(a, inputs.text.contains("y"))'],
    ['a comparison of long lists', 'inputs.items.all(a, inputs.items == inputs.items)'],
  ])('%s is stopped', (_what, source) => {
    const before = process.cpuUsage();
    expect(code(source, large)).toBe('EXPRESSION_BUDGET');
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
  });

  it('a long list once is fine', () => {
    expect(evaluate('inputs.items.filter(a, a % 2 == 0).size()', large)).toBe(4_500);
  });

  it.each([['^(a|a)*$'], ['(a+)+$'], ['(.*a){20}$']])(
    'the pattern %s takes no time to speak of',
    (pattern) => {
      const before = process.cpuUsage();
      const failed = code(`inputs.evil.matches("${pattern}")`, large);
      expect(['none', 'EXPRESSION_BUDGET']).toContain(failed);
      expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000);
    },
  );

  it.each([
    ['!'.repeat(1_999)],
    ['('.repeat(900) + '1' + ')'.repeat(900)],
    ['['.repeat(900) + ']'.repeat(900)],
    ['1+'.repeat(999) + '1'],
    ['x'.repeat(2_001)],
  ])('text of any depth is refused, not followed: %.20s', (source) => {
    expect(code(source)).toBe('EXPRESSION_FAILED');
  });
});

describe('evaluateValue', () => {
  it.each<[string, Json, Json]>([
    ['a lone expression keeps its type', '${{ inputs.chapters }}', 5],
    ['white space around it does not matter', '  ${{ inputs.tags }}\n', ['a', 'b', 'c']],
    ['inside text strings stay as they are', 'On ${{ inputs.topic }}.', 'On Tea.'],
    ['numbers are plain', '${{ inputs.chapters }} at ${{ inputs.price }}', '5 at 2.5'],
    ['objects are canonical JSON', 'x ${{ {"b": 1, "a": [true]} }}', 'x {"a":[true],"b":1}'],
    ['null is nothing', '[${{ stages.skipped.output }}]', '[]'],
    [
      'text from the run is not looked at again',
      'x ${{ "$" + "{{ inputs.topic }" + "}" }}',
      'x ${{ inputs.topic }}',
    ],
    ['a literal stays', { a: [1, 'x', null] }, { a: [1, 'x', null] }],
    ['lists and mappings are walked', { a: ['${{ inputs.flag }}', 2] }, { a: [true, 2] }],
    ['braces inside an expression', '${{ {"a": {"b": "}}"}} }}', { a: { b: '}}' } }],
  ])('%s', (_what, given, expected) => {
    expect(evaluateValue(parseValue(given), scope)).toEqual(expected);
  });
});
