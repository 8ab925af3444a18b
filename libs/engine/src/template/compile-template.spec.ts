import { describe, expect, it } from '@jest/globals';
import { compileTemplate } from './compile-template.ts';
import { checkRegistry } from './check-registry.ts';
import { filesFromMap } from './registry-files.ts';
import type { ActionCatalog } from './catalog.ts';

const catalog: ActionCatalog = { action: () => undefined, actions: () => [], workflowTypes: () => ['ebook'] };

function template(name: string, extra = ''): string {
  return `apiVersion: stagewright/v1
name: ${name}
type: ebook
version: 1.0.0
inputs: {type: object, additionalProperties: false, properties: {topic: {type: string}, tags: {type: array, items: {type: string}}}}
stages:
  - {id: brief, mode: ai, prompt: prompts/a.hbs, output: schemas/brief.json}
  - {id: parts, mode: ai, forEach: "\${{ stages.brief.output.parts }}", as: part, prompt: prompts/part.hbs}
  - {id: last, mode: ai, if: "inputs.tags.size() > 1 && stages.brief.output.title != ''", prompt: prompts/a.hbs}
outputs: {title: "\${{ stages.brief.output.title }}"}
${extra}`;
}

function templateFiles(name: string, extra = ''): Array<[string, string]> {
  const folder = `templates/${name}`;
  return [
    [`${folder}/template.yaml`, template(name, extra)],
    [`${folder}/prompts/a.hbs`, 'About {{inputs.topic}}.\n'],
    [`${folder}/prompts/part.hbs`, `{{part.title}} of ${name}.\n`],
    [
      `${folder}/schemas/brief.json`,
      JSON.stringify({
        type: 'object',
        additionalProperties: false,
        properties: {
          title: { type: 'string' },
          parts: { type: 'array', items: { type: 'object', properties: { title: { type: 'string' } } } },
        },
      }),
    ],
  ];
}

function compile(entries: Array<[string, string]>): ReturnType<typeof compileTemplate> {
  return compileTemplate(filesFromMap(new Map(entries)), 't', catalog);
}

describe('the digest of a plan', () => {
  const digest = (entries: Array<[string, string]>): string | undefined => compile(entries).plan?.digest;
  const original = digest(templateFiles('t'));

  it('is the same for the same files', () => {
    expect(original).toMatch(/^[0-9a-f]{64}$/);
    expect(digest(templateFiles('t').reverse())).toBe(original);
  });

  it.each(['template.yaml', 'prompts/a.hbs', 'prompts/part.hbs', 'schemas/brief.json'])(
    'changes with a byte of %s',
    (file) => {
      const changed = templateFiles('t').map(([path, text]): [string, string] => [
        path,
        path.endsWith(file) ? `${text} ` : text,
      ]);
      expect(digest(changed)).toMatch(/^[0-9a-f]{64}$/);
      expect(digest(changed)).not.toBe(original);
    },
  );

  it('does not depend on files that the template does not use', () => {
    expect(
      digest([
        ...templateFiles('t'),
        ['templates/t/README.md', 'Hello'],
        ['templates/t/tests/a.test.yaml', '*'],
      ]),
    ).toBe(original);
  });

  it('names every file that went in', () => {
    expect(Object.keys(compile(templateFiles('t')).plan?.files ?? {})).toEqual([
      'templates/t/prompts/a.hbs',
      'templates/t/prompts/part.hbs',
      'templates/t/schemas/brief.json',
      'templates/t/template.yaml',
    ]);
  });
});

describe('a template that is not there', () => {
  it.each([
    ['t', 'TEMPLATE_FILE_MISSING'],
    ['../x', 'TEMPLATE_NAME_MISMATCH'],
    ['A B', 'TEMPLATE_NAME_MISMATCH'],
  ])('%s is a finding', (name, code) => {
    const { plan, findings } = compileTemplate(filesFromMap(new Map()), name, catalog);
    expect(plan).toBeNull();
    expect(findings).toEqual([expect.objectContaining({ code, line: 1, column: 1 })]);
  });
});

describe('a registry', () => {
  it('compiles what is right and lists what is broken', () => {
    const entries = [...templateFiles('good'), ...templateFiles('broken', 'shell: id\n')];
    const checked = checkRegistry(filesFromMap(new Map(entries)), catalog);
    expect(checked.templates.map(({ name, plan }) => [name, plan !== null])).toEqual([
      ['broken', false],
      ['good', true],
    ]);
    expect(checked.findings).toEqual([
      expect.objectContaining({
        file: 'templates/broken/template.yaml',
        line: 11,
        column: 1,
        code: 'TEMPLATE_SCHEMA_UNKNOWN_FIELD',
      }),
    ]);
  });

  it('lists a folder without a template', () => {
    const checked = checkRegistry(filesFromMap(new Map([['templates/empty/README.md', '']])), catalog);
    expect(checked.findings.map(({ code }) => code)).toEqual(['TEMPLATE_FILE_MISSING']);
  });

  it('says once what is wrong in a file that several templates share', () => {
    const shared = (name: string): Array<[string, string]> =>
      templateFiles(name).map(([path, text]) => [
        path,
        text.replace('schemas/brief.json', 'schemas/shared.json'),
      ]);
    const entries = [
      ...shared('a'),
      ...shared('b'),
      ['schemas/shared.json', '{"type": "objct"}'] as [string, string],
    ];
    const { findings } = checkRegistry(filesFromMap(new Map(entries)), catalog);
    expect(findings.map(({ file }) => file)).toEqual(['schemas/shared.json']);
  });

  it('of 500 templates compiles within two seconds', () => {
    const names = Array.from({ length: 500 }, (_, index) => `t${index}`);
    const files = filesFromMap(new Map(names.flatMap((name) => templateFiles(name))));
    const before = performance.now();
    const { templates } = checkRegistry(files, catalog);
    const took = performance.now() - before;
    expect(templates.every(({ plan }) => plan !== null)).toBe(true);
    // Two seconds on a quiet machine; a busy one gets some room.
    expect(took).toBeLessThan(6_000);
  });
});
