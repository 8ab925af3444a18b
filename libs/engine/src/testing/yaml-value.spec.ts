import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { readSource } from '../template/source/read-source.ts';
import { Report } from '../template/source/report.ts';
import { blockLike, rendered, yamlText } from './yaml-value.ts';
import type { Json } from '../vocabulary.ts';

/** As it comes from JSON, which has no negative zero. */
const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as Json);
const odd = fc.constantFrom(
  '\u0085',
  'a\u0080b\nc',
  '\uFEFF',
  '\uD800',
  '\u2028',
  'x\r\ny',
  '\u0000',
  '- \u009f: #',
);
const lines = fc
  .array(fc.oneof(fc.string(), fc.constantFrom('', ' ', 'a b', '- x', '# y', '\t', '  z', 'k: v', '---')), {
    maxLength: 5,
  })
  .chain((parts) => fc.constantFrom(parts.join('\n'), `${parts.join('\n')}\n`));

/** What a reader of files has against it, but for keys that it never takes. */
function readable(text: string): string[] {
  const report = new Report();
  readSource('a.yaml', new TextEncoder().encode(text), report);
  return report.sorted().flatMap(({ code }) => (code === 'TEMPLATE_KEY_FORBIDDEN' ? [] : [code]));
}

describe('a value in a YAML file', () => {
  it('is on one line, and the same value in a block and between brackets', () => {
    fc.assert(
      fc.property(fc.oneof(json, lines, odd), (value) => {
        const text = rendered(value);
        expect(text).not.toContain('\n');
        expect(readable(`a: ${text}\n`)).toEqual([]);
        expect(parse(`a:\n  b: ${text}\nc: 1\n`)).toEqual({ a: { b: value }, c: 1 });
        expect(parse(`{a: [${text}, 1], b: ${text}}`)).toEqual({ a: [value, 1], b: value });
      }),
      { numRuns: 300 },
    );
  });

  it('is read again whatever characters it holds', () => {
    const any = fc.string({ unit: 'binary' });
    const value = fc.record({
      text: fc.oneof(any, odd, lines),
      list: fc.array(fc.oneof(any, odd)),
      deep: json,
    });
    fc.assert(
      fc.property(value, fc.oneof(any, odd), (given, key) => {
        fc.pre(key !== '__proto__');
        const report = new Report();
        const text = yamlText({ given, keyed: { [`k${key}`]: key } });
        const root = readSource('a.yaml', new TextEncoder().encode(text), report);
        const forbidden = report.sorted().filter(({ code }) => code !== 'TEMPLATE_KEY_FORBIDDEN');
        expect(forbidden).toEqual([]);
        if (!report.hasErrors()) expect(root?.value).toEqual({ given, keyed: { [`k${key}`]: key } });
      }),
      { numRuns: 300 },
    );
  });

  it('is a block of lines where it can be one, and the same text', () => {
    let blocks = 0;
    fc.assert(
      fc.property(lines, fc.constantFrom('|\n    Old\n', '|-\n    Old\n'), (text, old) => {
        const block = blockLike(old, text);
        if (block === null) return;
        blocks += 1;
        expect(parse(`a:\n  b: ${block}\n  # After it.\nc: 1\n`)).toEqual({ a: { b: text }, c: 1 });
      }),
      { numRuns: 300 },
    );
    expect(blocks).toBeGreaterThan(50);
  });

  it.each(['>\n    Old\n', '|2\n    Old\n', '|+\n    Old\n', '|\n'])('is no block like %j', (old) => {
    expect(blockLike(old, 'New\n')).toBeNull();
  });
});
