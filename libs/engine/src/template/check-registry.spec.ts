import { describe, expect, it } from '@jest/globals';
import { checkRegistry } from './check-registry.ts';
import { filesFromMap } from './registry-files.ts';
import type { ActionCatalog } from './catalog.ts';

const catalog: ActionCatalog = { action: () => undefined, actions: () => [], workflowTypes: () => ['ebook'] };
const TEMPLATE = `apiVersion: stagewright/v1
name: tea
type: ebook
version: 1.0.0
stages:
  - {id: write, mode: ai, prompt: prompts/ask.hbs}
`;
const MANIFEST = `apiVersion: stagewright/v1
kind: Registry
name: house
title: Templates of the house
owners: [docs-team]
`;
const TEST = `title: It is written
answers:
  write: text
expect:
  state: done
`;

function check(changes: Record<string, string | null>) {
  const all: Record<string, string | null> = {
    'stagewright.yaml': MANIFEST,
    'templates/tea/template.yaml': TEMPLATE,
    'templates/tea/prompts/ask.hbs': 'Write.\n',
    'templates/tea/tests/good.test.yaml': TEST,
    ...changes,
  };
  const files = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
  const { findings, templates } = checkRegistry(filesFromMap(new Map(files)), catalog);
  return {
    templates,
    found: findings.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`),
  };
}

describe('a registry as a whole', () => {
  it.each<[string, Record<string, string | null>]>([
    ['with manifest, template and test', {}],
    ['without a manifest', { 'stagewright.yaml': null }],
    [
      'with the shortest manifest',
      { 'stagewright.yaml': 'apiVersion: stagewright/v1\nkind: Registry\nname: x\n' },
    ],
    ['with a policy for writes', { 'stagewright.yaml': `${MANIFEST}writes: branch\n` }],
    [
      'with other files beside the tests',
      { 'templates/tea/tests/notes.md': '*', 'templates/tea/tests/data.yaml': '*' },
    ],
  ])('is sound %s', (_what, changes) => {
    expect(check(changes).found).toEqual([]);
  });

  it.each<[string, string, number, number]>([
    ['an unknown field', `${MANIFEST}shell: id\n`, 6, 1],
    ['another format', MANIFEST.replace('stagewright/v1', 'v2'), 1, 13],
    ['another kind', MANIFEST.replace('Registry', 'List'), 2, 7],
    ['no name', MANIFEST.replace('name: house\n', ''), 1, 1],
    ['a name that is no name', MANIFEST.replace('house', '"../x"'), 3, 7],
    ['writes that mean nothing', `${MANIFEST}writes: sometimes\n`, 6, 9],
    ['owners that are no list', MANIFEST.replace('[docs-team]', 'docs-team'), 5, 9],
    ['an alias', MANIFEST.replace('[docs-team]', '&a [x]'), 5, 9],
    ['a forbidden key', `${MANIFEST}__proto__: {a: 1}\n`, 6, 1],
    ['a list for a mapping', '[]', 1, 1],
    ['nothing in it', '', 1, 1],
    ['a null character', 'name: \0', 1, 7],
  ])('is told of a manifest with %s, and its templates still compile', (_what, manifest, line, column) => {
    const { found, templates } = check({ 'stagewright.yaml': manifest });
    expect(found).toEqual([`stagewright.yaml:${line}:${column} REGISTRY_MANIFEST_INVALID`]);
    expect(templates[0]?.plan).not.toBeNull();
  });

  it.each<[string, string, string]>([
    ['an unknown field', TEST.replace('title', 'tittle: x\ntitle'), '1:1 TEST_SCHEMA'],
    ['an unknown stage', TEST.replace('write:', 'rite:'), '3:3 TEST_UNKNOWN_STAGE'],
    ['nothing expected', TEST.slice(0, TEST.indexOf('expect')), '1:1 TEST_SCHEMA'],
    ['a tag', TEST.replace('text', '!!js text'), '3:10 TEMPLATE_YAML_TAG'],
  ])('is told of a test with %s, and the template still serves', (_what, test, found) => {
    const checked = check({ 'templates/tea/tests/bad.test.yaml': test });
    expect(checked.found).toEqual([`templates/tea/tests/bad.test.yaml:${found}`]);
    expect(checked.templates[0]).toMatchObject({ findings: [], testFindings: [{ severity: 'error' }] });
    expect(checked.templates[0]?.plan).not.toBeNull();
  });

  it('is told of a test that would never run', () => {
    const { found } = check({ 'templates/tea/tests/late.test.yml': TEST });
    expect(found).toEqual(['templates/tea/tests/late.test.yml:1:1 TEST_NAME']);
  });

  it('checks the tests of a broken template too, as far as that goes', () => {
    const { found } = check({
      'templates/tea/template.yaml': `${TEMPLATE}shell: id\n`,
      'templates/tea/tests/bad.test.yaml': `${TEST}shell: id\n`,
    });
    expect(found).toEqual([
      'templates/tea/template.yaml:7:1 TEMPLATE_SCHEMA_UNKNOWN_FIELD',
      'templates/tea/tests/bad.test.yaml:6:1 TEST_SCHEMA',
    ]);
  });

  it.each<[string, Record<string, string>, string[]]>([
    [
      'sound ones',
      {
        'stages/ask.yaml': 'mode: ai\nprompt: prompts/x.hbs\n',
        'prompts/a.hbs': '{{> b}}{{this}} {{@index}}',
        'prompts/b.hbs': '{{anything}}',
      },
      [],
    ],
    [
      'a broken stage',
      { 'stages/ask.yaml': 'mode: ai\npromt: x\n' },
      ['stages/ask.yaml:2:1 TEMPLATE_SCHEMA_UNKNOWN_FIELD'],
    ],
    [
      'a stage that is no YAML',
      { 'stages/ask.yaml': 'mode: [' },
      ['stages/ask.yaml:1:8 TEMPLATE_YAML_INVALID'],
    ],
    ['a broken prompt', { 'prompts/a.hbs': 'A\n{{shout b}}' }, ['prompts/a.hbs:2:3 PROMPT_HELPER_UNKNOWN']],
    [
      'a prompt whose partial is not there',
      { 'prompts/a.hbs': '{{> b}}' },
      ['prompts/a.hbs:1:5 PROMPT_PARTIAL_FORBIDDEN'],
    ],
    [
      'prompts in a circle',
      { 'prompts/a.hbs': '{{> b}}', 'prompts/b.hbs': '{{> a}}' },
      ['prompts/a.hbs:1:5 PROMPT_PARTIAL_CYCLE', 'prompts/b.hbs:1:5 PROMPT_PARTIAL_CYCLE'],
    ],
    [
      'a prompt that reads more than it declares',
      { 'prompts/a.hbs': '---\nvariables: [a]\n---\n{{b}}' },
      ['prompts/a.hbs:4:3 PROMPT_VAR_UNKNOWN'],
    ],
    [
      'files that are neither',
      { 'stages/README.md': '{{', 'prompts/Notes.hbs': '{{', 'prompts/README.md': '{{' },
      [],
    ],
  ])('looks at shared files that no template uses: %s', (_what, shared, found) => {
    expect(check(shared).found).toEqual(found);
  });

  it('tells a fault of a shared stage once, however many templates use it', () => {
    const using = (name: string) =>
      TEMPLATE.replace('name: tea', `name: ${name}`).replace(
        'mode: ai, prompt: prompts/ask.hbs',
        'extends: stages/ask',
      );
    const { found, templates } = check({
      'stages/ask.yaml': 'mode: ai\nprompt: prompts/ask.hbs\ntimeut: 1m\n',
      'templates/a/template.yaml': using('a'),
      'templates/b/template.yaml': using('b'),
    });
    expect(found).toEqual(['stages/ask.yaml:3:1 TEMPLATE_SCHEMA_UNKNOWN_FIELD']);
    expect(templates.map(({ name, plan }) => [name, plan !== null])).toEqual([
      ['a', false],
      ['b', false],
      ['tea', true],
    ]);
  });
});
