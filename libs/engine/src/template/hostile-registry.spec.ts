import { afterEach, describe, expect, it } from '@jest/globals';
import { compileTemplate } from './compile-template.ts';
import { filesFromMap } from './registry-files.ts';
import { MAX_FINDINGS } from './source/report.ts';
import type { ActionCatalog } from './catalog.ts';

const catalog: ActionCatalog = { action: () => undefined, actions: () => [], workflowTypes: () => ['ebook'] };
const PROTOTYPE = Object.getOwnPropertyNames(Object.prototype);
afterEach(() => expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(PROTOTYPE));

const INPUTS =
  '{type: object, properties: {topic: {type: string}, list: {type: array, items: {type: string}}}}';
const STAGE = '{id: a, mode: ai, prompt: prompts/a.hbs}';
const template = (changes: { inputs?: string; stage?: string; tail?: string } = {}): string =>
  `apiVersion: stagewright/v1
name: t
type: ebook
version: 1.0.0
inputs: ${changes.inputs ?? INPUTS}
stages:
  - ${changes.stage ?? STAGE}
${changes.tail ?? ''}
`;
const output = (expression: string): string =>
  template({ tail: `outputs: {x: ${JSON.stringify(`\${{ ${expression} }}`)}}` });

/** Compiles, and holds what must hold for any text: it ends soon, and every finding has a place in its file. */
function compile(text: string, files: Record<string, string> = {}) {
  const all = { 'template.yaml': text, 'prompts/a.hbs': '{{inputs.topic}}', ...files };
  const map = new Map(Object.entries(all).map(([path, content]) => [`templates/t/${path}`, content]));
  const before = process.cpuUsage();
  const { plan, findings } = compileTemplate(filesFromMap(map), 't', catalog);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(2_000);
  expect(findings.length).toBeLessThanOrEqual(MAX_FINDINGS + 1);
  for (const { file, line, column, message } of findings) {
    const lines = (map.get(file) ?? '').split('\n', line);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
    expect(message.length).toBeLessThanOrEqual(1_100);
  }
  expect(plan === null).toBe(findings.some(({ severity }) => severity === 'error'));
  return { plan, findings, codes: [...new Set(findings.map(({ code }) => code))] };
}

describe('names that reach into JavaScript', () => {
  const NAMES = ['constructor', 'hasOwnProperty', 'toString', '__proto__', 'valueOf', 'prototype'];
  it.each(
    NAMES.flatMap((name) => [
      [`${name} read from inputs`, output(`inputs.${name}`)],
      [`${name} read as an index`, output(`inputs['${name}']`)],
      [`${name} as a stage in an expression`, output(`stages.${name}.output`)],
      [`${name} as a function`, output(`${name}('x')`)],
      [`${name} as a method`, output(`inputs.topic.${name}()`)],
      [`${name} as a mode`, template({ stage: `{id: a, mode: ${name}}` })],
      [`${name} as an action`, template({ stage: `{id: a, mode: system, uses: ${name}/${name}}` })],
      [`${name} as a need`, template({ stage: STAGE.replace('mode', `needs: [${name}], mode`) })],
      [`${name} as a field`, template({ stage: STAGE.replace('mode', `${name}: 1, mode`) })],
      [`${name} as a shared stage`, template({ stage: `{id: a, extends: stages/${name}}` })],
      [`${name} as a keyword of a schema`, template({ inputs: `{type: object, ${name}: 1}` })],
      [
        `${name} as a definition`,
        template({ inputs: `{type: object, properties: {a: {$ref: "#/$defs/${name}"}}}` }),
      ],
    ]),
  )('are refused: %s', (_what, text) => {
    expect(compile(text).plan).toBeNull();
  });

  it.each(['valueof', 'tostring', 'value_of', 'proto'])('but %s is a fine name of a stage', (name) => {
    const { plan } = compile(template({ stage: STAGE.replace('id: a', `id: ${name}`) }));
    expect(plan?.stages.map(({ id }) => id)).toEqual([name]);
  });
});

describe('files that grow when they are read', () => {
  it.each<[string, string]>([
    ['quotes', '"'.repeat(250_000)],
    ['commas', `[${','.repeat(200_000)}]`],
    ['tags', '- !a b\n'.repeat(35_000)],
    ['aliases', '- *a\n'.repeat(50_000)],
    ['the same key', 'a: 1\n'.repeat(40_000)],
    ['brackets', '['.repeat(200_000)],
    ['question marks', '? '.repeat(60_000)],
    ['list in list', '- '.repeat(100_000)],
    ['colons', ': '.repeat(100_000)],
    ['documents', '---\na\n'.repeat(40_000)],
    ['unknown keys', Array.from({ length: 30_000 }, (_, index) => `k${index}: 1`).join('\n')],
  ])('are refused soon, with a bounded list of findings: %s', (_what, text) => {
    expect(compile(text).plan).toBeNull();
  });

  it('say so when they have more findings than are listed', () => {
    const { codes } = compile('- !a b\n'.repeat(1_000));
    expect(codes.sort()).toEqual(['TEMPLATE_TOO_MANY_FINDINGS', 'TEMPLATE_YAML_TAG']);
  });
});

describe('expressions that grow', () => {
  it.each([
    ['parentheses', `${'('.repeat(5_000)}1${')'.repeat(5_000)}`],
    ['signs', `${'-'.repeat(20_000)}1`],
    ['a chain of additions', Array(5_000).fill('"a"').join('+')],
    ['questions', `${'true?'.repeat(5_000)}1${':1'.repeat(5_000)}`],
    ['indexes', `inputs${'["a"]'.repeat(5_000)}`],
    ['loops in loops', `${'inputs.list.map(v, '.repeat(30)}1${')'.repeat(30)}`],
  ])('are refused before they run: %s', (_what, expression) => {
    expect(compile(output(expression)).plan).toBeNull();
  });
});

describe('prompts that grow or pretend', () => {
  const doubling = Object.fromEntries(
    Array.from({ length: 31 }, (_, index) => [
      `prompts/p${index}.hbs`,
      `{{> p${index + 1}}}{{> p${index + 1}}}`,
    ]),
  );
  it.each<[string, string, Record<string, string>, string[]]>([
    [
      'a text in the place of a block name',
      '{{#"if" inputs.topic}}{{/"if"}}',
      {},
      ['PROMPT_SYNTAX_FORBIDDEN'],
    ],
    ['a text in the place of a helper', '{{json ("constructor" 1)}}', {}, ['PROMPT_SYNTAX_FORBIDDEN']],
    ['front matter of brackets', `---\nvariables: ${'['.repeat(50_000)}\n---\n`, {}, ['PROMPT_FRONT_MATTER']],
    ['front matter of mappings', `---\n${'a: '.repeat(10_000)}\n---\n`, {}, ['PROMPT_FRONT_MATTER']],
    ['partials that double', '{{> p0}}', { ...doubling, 'prompts/p31.hbs': 'x' }, ['PROMPT_RENDER_BUDGET']],
    ['a path of 40,000 letters', `{{inputs${'.a'.repeat(20_000)}}}`, {}, ['PROMPT_VAR_UNKNOWN']],
  ])('are refused: %s', (_what, prompt, files, codes) => {
    expect(compile(template(), { 'prompts/a.hbs': prompt, ...files }).codes).toEqual(codes);
  });

  it('may use partials in partials, each once', () => {
    const files = {
      'prompts/a.hbs': '{{> b}}',
      'prompts/b.hbs': '{{> c}}',
      'prompts/c.hbs': '{{inputs.topic}}',
    };
    expect(compile(template(), files).findings).toEqual([]);
  });
});

describe('schemas about themselves', () => {
  const circle = {
    $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } },
    properties: { x: { $ref: '#/$defs/a' } },
  };
  it.each<[string, object]>([
    ['a reference to itself', { $defs: { a: { $ref: '#/$defs/a' } } }],
    ['two that refer to each other', circle],
    ['the root', { $ref: '#' }],
    ['through allOf', { allOf: [{ $ref: '#' }] }],
    ['through if', { if: { anyOf: [{}, { $ref: '#' }] } }],
    ['through not', { $defs: { a: { not: { $ref: '#/$defs/a' } } } }],
  ])('are refused: %s', (_what, schema) => {
    const { findings } = compile(template({ inputs: JSON.stringify({ type: 'object', ...schema }) }));
    expect(findings.map(({ code, message }) => [code, /comes back to itself/.test(message)])).toEqual([
      ['SCHEMA_INVALID', true],
    ]);
  });

  it.each<[string, object]>([
    ['a tree', { properties: { children: { type: 'array', items: { $ref: '#' } } } }],
    [
      'a list',
      {
        $defs: { node: { properties: { next: { $ref: '#/$defs/node' } } } },
        properties: { n: { $ref: '#/$defs/node' } },
      },
    ],
    [
      'one definition used twice',
      {
        $defs: { s: { type: 'string' } },
        allOf: [{ properties: { a: { $ref: '#/$defs/s' } } }, { properties: { b: { $ref: '#/$defs/s' } } }],
      },
    ],
  ])('may refer to themselves below a value: %s', (_what, schema) => {
    const text = template({ inputs: JSON.stringify({ type: 'object', ...schema }) });
    expect(compile(text, { 'prompts/a.hbs': 'Write.' }).findings).toEqual([]);
  });
});

describe('what a reader cannot see', () => {
  it.each([
    ['a zero-width space', '\u200b', 'U+200B'],
    ['a direction override', '\u202e', 'U+202E'],
    ['a soft hyphen', '\u00ad', 'U+00AD'],
  ])('is shown in the message: %s', (_what, character, shown) => {
    const { findings } = compile(template({ stage: STAGE.replace('id: a', `id: "a${character}b"`) }));
    expect(findings[0]?.message).toContain(shown);
    expect(findings[0]?.message).not.toContain(character);
  });
});
