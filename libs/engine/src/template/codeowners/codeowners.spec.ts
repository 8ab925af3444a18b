import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { ActionCatalog } from '../catalog.ts';
import { checkRegistry } from '../check-registry.ts';
import { compileTemplate } from '../compile-template.ts';
import type { Plan } from '../plan.ts';
import { filesFromMap } from '../registry-files.ts';
import { matchesPath } from './match-path.ts';

const catalog: ActionCatalog = { action: () => undefined, actions: () => [], workflowTypes: () => ['ebook'] };
const TEMPLATE = `apiVersion: stagewright/v1
name: tea
title: Tea
description: About tea.
type: ebook
version: 1.0.0
stages:
  - id: draft
    mode: ai
    prompt: prompts/draft.hbs
    approval: {approvers: [codeowners, role:chief]}
`;

const OWNERS_ONLY = TEMPLATE.replace(', role:chief', '');

function registry(codeowners: string | null, given: { template?: string; at?: string } = {}) {
  const files = new Map([
    ['templates/tea/template.yaml', given.template ?? TEMPLATE],
    ['templates/tea/prompts/draft.hbs', 'Write.'],
  ]);
  if (codeowners !== null) files.set(given.at ?? 'CODEOWNERS', codeowners);
  return filesFromMap(files);
}

function planOf(...given: Parameters<typeof registry>): Plan {
  const { plan, findings } = compileTemplate(registry(...given), 'tea', catalog);
  expect(findings).toEqual([]);
  if (plan === null) throw new Error('no plan');
  return plan;
}

const approvers = (plan: Plan): string[] | undefined => plan.stages[0]?.approval?.approvers;

describe('approvers: codeowners', () => {
  it('are the people whom CODEOWNERS names for the template, by the last line that takes it in', () => {
    const lines = [
      '# everything',
      '*                 @org/everyone',
      '/templates/       @org/writers ada@example.org',
      '/templates/tea/   @ada @Org/Tea-Team # not coffee',
      '/templates/coffee/ @bo',
    ];
    expect(approvers(planOf(lines.join('\n')))).toEqual(['user:ada', 'role:tea-team', 'role:chief']);
    expect(approvers(planOf(lines.slice(0, 3).join('\r\n')))).toEqual([
      'role:writers',
      'user:ada@example.org',
      'role:chief',
    ]);
  });

  it('make another revision when they change, and only of templates that ask for them', () => {
    const digest = (codeowners: string | null, template = TEMPLATE): string =>
      planOf(codeowners, { template }).digest;
    expect(digest('* @ada')).not.toBe(digest('* @bo'));
    expect(digest('* @ada')).toBe(digest('# a comment\n* @ada\n/templates/coffee/ @bo'));
    const indifferent = TEMPLATE.replace('codeowners, ', '');
    expect(digest('* @ada', indifferent)).toBe(digest(null, indifferent));
  });

  it('are the owners of the template where there is no such file', () => {
    expect(approvers(planOf(null, { template: `${TEMPLATE}owners: [docs-team]\n` }))).toEqual([
      'codeowners',
      'role:chief',
    ]);
  });

  it('is looked for where GitHub looks', () => {
    expect(approvers(planOf('* @ada', { at: '.github/CODEOWNERS' }))?.[0]).toBe('user:ada');
    expect(approvers(planOf('* @ada', { at: 'docs/CODEOWNERS' }))?.[0]).toBe('user:ada');
  });

  it.each<[string, string | null]>([
    ['no line takes the template in', '/templates/coffee/ @bo'],
    ['the last line takes its owners away', '* @ada\n/templates/tea/'],
    ['there is no file, and the template has no owners', null],
  ])('is an error when %s', (_what, codeowners) => {
    const { plan, findings } = compileTemplate(
      registry(codeowners, { template: OWNERS_ONLY }),
      'tea',
      catalog,
    );
    expect(plan).toBeNull();
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'TEMPLATE_NO_CODEOWNERS',
        file: 'templates/tea/template.yaml',
        line: 11,
        column: 28,
      }),
    ]);
  });
});

describe('lines that are not understood', () => {
  it('are findings, and count for nothing', () => {
    const text = [
      '* @ada',
      '!/templates/tea/ @bo',
      '/templates/[t]ea/ @bo',
      '\\#a @bo',
      'a\\b @bo',
      'docs/ bo',
      '*.md @bo @',
    ].join('\n');
    const { findings } = checkRegistry(registry(text), catalog);
    expect(findings.map(({ code, file, line, column }) => `${code} ${file}:${line}:${column}`)).toEqual(
      [
        [2, 1],
        [3, 1],
        [4, 1],
        [5, 1],
        [6, 7],
        [7, 10],
      ].map(([line, column]) => `REGISTRY_CODEOWNERS_INVALID CODEOWNERS:${line}:${column}`),
    );
    expect(approvers(planOf(text))).toEqual(['user:ada', 'role:chief']);
  });

  it('say so of a file that is no text', () => {
    const files = registry('* @ada \u0000');
    expect(checkRegistry(files, catalog).findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'REGISTRY_CODEOWNERS_INVALID', file: 'CODEOWNERS' }),
      ]),
    );
  });
});

describe('a pattern', () => {
  const PATH = 'templates/tea/template.yaml';
  it.each([
    ['*', true],
    ['*.yaml', true],
    ['*.yml', false],
    ['template.yaml', true],
    ['tea', true],
    ['tea/', true],
    ['te?', true],
    ['te', false],
    ['/tea/', false],
    ['templates/', true],
    ['/templates/', true],
    ['/templates', true],
    ['templates/tea', true],
    ['templates/tea/', true],
    ['/templates/tea/template.yaml', true],
    ['/templates/tea/template.yaml/', false],
    // The files of that folder only.
    ['/templates/*', false],
    ['/templates/tea/*', true],
    ['/templates/*/', true],
    ['/templates/*/*', true],
    ['**/tea', true],
    ['**/tea/**', true],
    ['/templates/**', true],
    ['/**/template.yaml', true],
    ['/templates/**/template.yaml', true],
    ['/templates/tea/**/template.yaml', true],
    ['/other/**', false],
    ['/TEMPLATES/', false],
    ['/', false],
  ])('%s', (pattern, expected) => {
    expect(matchesPath(pattern, PATH)).toBe(expected);
  });

  it('of a stranger takes no time', () => {
    const started = performance.now();
    const path = `templates/${'a'.repeat(64)}/template.yaml`;
    expect(matchesPath(`${'*a'.repeat(2_000)}b`, path)).toBe(false);
    expect(matchesPath(`${'**/'.repeat(2_000)}b`, path)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

it('the registry that ships names owners that are understood', () => {
  const text = readFileSync(new URL('../../../../../registry/CODEOWNERS', import.meta.url), 'utf8');
  const files = filesFromMap(new Map([['CODEOWNERS', text]]));
  expect(checkRegistry(files, catalog).findings).toEqual([]);
});
