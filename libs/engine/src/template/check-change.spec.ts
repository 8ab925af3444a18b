import { describe, expect, it } from '@jest/globals';
import type { ActionCatalog } from './catalog.ts';
import { checkChange } from './check-change.ts';
import { writePolicy } from './check/check-manifest.ts';
import { filesFromMap } from './registry-files.ts';

const catalog: ActionCatalog = { action: () => undefined, actions: () => [], workflowTypes: () => ['ebook'] };
const template = (name: string, prompt = 'prompts/ask.hbs') =>
  `apiVersion: stagewright/v1\nname: ${name}\ntype: ebook\nversion: 1.0.0\nstages:\n  - {id: write, mode: ai, prompt: ${prompt}}\n`;
const BEFORE = {
  'prompts/ask.hbs': 'Ask.\n',
  'prompts/old.hbs': '{{shout x}}',
  'templates/tea/template.yaml': template('tea'),
  'templates/milk/template.yaml': template('milk'),
  'templates/broken/template.yaml': template('broken', 'prompts/none.hbs'),
};

function check(template: string | null, changes: Record<string, string | null>) {
  const after: Record<string, string | null> = { ...BEFORE, ...changes };
  const files = Object.entries(after).filter((entry): entry is [string, string] => entry[1] !== null);
  const [before, now] = [filesFromMap(new Map(Object.entries(BEFORE))), filesFromMap(new Map(files))];
  const checked = checkChange({ before, after: now, template }, catalog);
  return { ...checked, found: checked.findings.map(({ file, line, code }) => `${file}:${line} ${code}`) };
}

describe('a change of a template', () => {
  it('counts by itself: what else is broken is not in its way', () => {
    const { found, template: changed } = check('tea', {
      'templates/tea/template.yaml': `${template('tea')}title: Tea\n`,
    });
    expect(found).toEqual([]);
    expect(changed?.plan?.title).toBe('Tea');
  });

  it('is told of all its own faults, those of its tests too', () => {
    const { found } = check('tea', {
      'templates/tea/template.yaml': template('tea', 'prompts/nobody.hbs'),
      'templates/tea/tests/a.test.yaml': 'title: A\n',
    });
    expect(found).toEqual([
      'templates/tea/template.yaml:6 TEMPLATE_FILE_MISSING',
      'templates/tea/tests/a.test.yaml:1 TEST_SCHEMA',
    ]);
  });

  it('may take it away', () => {
    expect(check('tea', { 'templates/tea/template.yaml': null })).toMatchObject({
      found: [],
      template: null,
    });
  });
});

describe('a change of what templates share', () => {
  it('is told of every template that it breaks, and not of those that were broken', () => {
    expect(check(null, { 'prompts/ask.hbs': null }).found).toEqual([
      'templates/milk/template.yaml:6 TEMPLATE_FILE_MISSING',
      'templates/tea/template.yaml:6 TEMPLATE_FILE_MISSING',
    ]);
    expect(check(null, { 'prompts/ask.hbs': 'Ask about {{inputs.topic}}.' }).found).toEqual([
      'prompts/ask.hbs:1 PROMPT_VAR_UNKNOWN',
    ]);
  });

  it('is told of its own faults, also when it had them before, and not of those of others', () => {
    expect(check(null, { 'prompts/new.hbs': '{{shout x}}' }).found).toEqual([
      'prompts/new.hbs:1 PROMPT_HELPER_UNKNOWN',
    ]);
    expect(check(null, { 'prompts/old.hbs': '{{shout x}}!' }).found).toEqual([
      'prompts/old.hbs:1 PROMPT_HELPER_UNKNOWN',
    ]);
    expect(check(null, { 'prompts/new.hbs': 'Sound.' }).found).toEqual([]);
    expect(check(null, { 'prompts/old.hbs': 'Mended.' }).found).toEqual([]);
  });
});

describe('the policy for writes', () => {
  it.each<[string, string | null, ReturnType<typeof writePolicy>]>([
    ['direct without a manifest', null, 'direct'],
    ['direct when nothing is said', '', 'direct'],
    ['what is said', 'writes: branch\n', 'branch'],
    ['off', 'writes: off\n', 'off'],
    ['not known when the manifest is broken', 'writes: branch\nshell: id\n', null],
  ])('is %s', (_what, said, policy) => {
    const manifest = 'apiVersion: stagewright/v1\nkind: Registry\nname: x\n';
    const files = said === null ? [] : [['stagewright.yaml', manifest + said] as const];
    expect(writePolicy(filesFromMap(new Map(files)))).toBe(policy);
  });
});
