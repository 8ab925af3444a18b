import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { StagewrightError } from '../errors/stagewright-error.ts';
import { parseModelJson } from './model-json.ts';

const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('the JSON of a model', () => {
  it.each<[string, string, unknown]>([
    ['an object', '{"ok": true}', { ok: true }],
    ['white space around', ' \n{"ok": true}\n\n', { ok: true }],
    ['a fenced block', '```json\n{"ok": true}\n```', { ok: true }],
    ['a fenced block without a language, Windows line ends', '```\r\n[1]\r\n```\r\n', [1]],
    ['a scalar', '"text with } and ] and ```"', 'text with } and ] and ```'],
    ['a number', '-1.5e3', -1500],
    ['escapes', String.raw`{"a": "\"}{\" \u0041 \\"}`, { a: '"}{" A \\' }],
    ['the words NaN and __proto__ in a text', '{"a": "NaN __proto__"}', { a: 'NaN __proto__' }],
    ['64 deep', deep(64), JSON.parse(deep(64))],
  ])('%s is read', (_story, text, value) => {
    expect(parseModelJson(text)).toEqual(value);
  });

  it.each<[string, string, RegExp]>([
    ['L04 a broken document', '{"ok":tru', /before the document is complete/],
    ['L04 text, then JSON', 'Here you are: {"ok": true}', /does not start with JSON/],
    ['L04 JSON, then text', '{"ok": true} Hope this helps!', /text follows/],
    ['L04 two documents', '{"a":1}\n{"b":2}', /more than one JSON document/],
    ['L04 two fenced blocks', '```json\n{"a":1}\n```\n```json\n{"b":2}\n```', /text follows|does not start/],
    ['L04 text before a fenced block', 'Sure!\n```json\n{}\n```', /does not start/],
    ['L04 5 MB', `"${'x'.repeat(5_000_000)}"`, /longer than 2097152 bytes/],
    ['L04 NaN', '{"a": NaN}', /NaN and Infinity are not JSON/],
    ['L04 Infinity alone', 'Infinity', /NaN and Infinity are not JSON/],
    ['J06 20,000 deep', deep(20_000), /more than 64 deep/],
    ['65 deep', deep(65), /more than 64 deep/],
    ['a key __proto__', '{"a": {"__proto__": {"admin": true}}}', /__proto__/],
    ['a key __proto__ behind an escape', String.raw`{"\u005f_proto__": 1}`, /__proto__/],
    ['nothing', '  \n', /empty/],
    ['an empty fenced block', '```json\n```', /empty|does not start/],
    ['a comment', '{/* a */}', /not a valid JSON/],
    ['a comma too many', '[1,]', /not a valid JSON/],
    ['single quotes', "{'a': 1}", /not a valid JSON/],
    ['two scalars', '1 2', /not a valid JSON/],
    ['a closing bracket too many', '[1]]', /text follows/],
  ])('%s is refused with the reason and the raw text', (_story, text, why) => {
    expect(() => parseModelJson(text)).toThrow(
      expect.objectContaining({
        code: 'OUTPUT_INVALID',
        message: expect.stringMatching(why),
        details: expect.objectContaining({ raw: text.slice(0, 32_000), characters: text.length }),
      }),
    );
  });

  it('caps can be set lower', () => {
    expect(() => parseModelJson('[[[]]]', { maxDepth: 2 })).toThrow('more than 2 deep');
    expect(() => parseModelJson('"äää"', { maxBytes: 7 })).toThrow('longer than 7 bytes');
    expect(parseModelJson('"äää"', { maxBytes: 8 })).toBe('äää');
  });

  it('any JSON comes back as it went in, and any text is read or refused', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        if (!/__proto__/.test(text)) expect(JSON.stringify(parseModelJson(text))).toBe(text);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          expect(parseModelJson(text)).toEqual(JSON.parse(text.startsWith('```') ? 'null' : text));
        } catch (error) {
          expect(error).toBeInstanceOf(StagewrightError);
        }
      }),
    );
  });
});
