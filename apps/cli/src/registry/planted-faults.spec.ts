import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createIsolation } from '@stagewright/engine/isolation';
import { checkRegistry } from '@stagewright/engine/template';
import type { RegistryFiles } from '@stagewright/engine/template';
import { PLUGIN_CATALOG } from '../plugins.ts';
import { openRegistryFolder } from './folder-files.ts';
import { replayTemplates } from './replay-folder.ts';

const REGISTRY = join(import.meta.dirname, '../../../../registry');
const isolation = createIsolation();
afterAll(() => isolation.close());
const SHIPPED = openRegistryFolder(REGISTRY).files;

/**
 * A slip of one line, as it happens: in which file, what stood there, what stands there now. When what stood there is gone, the
 * template has changed: plant the slip where its line is now. When nothing notices one, a case is missing.
 */
type Fault = [file: string, was: string, is: string];

/** Slips that only a recorded case can tell, or that a case tells as well. */
const FAULTS: Fault[] = [
  ['ebook/template.yaml', 'minimum: 1, maximum: 40, default: 5', 'minimum: 3, maximum: 40, default: 5'],
  ['ebook/template.yaml', 'default: general readers', 'default: everybody'],
  ['ebook/template.yaml', 'default: en, title', 'default: de, title'],
  ['ebook/template.yaml', 'retry: {attempts: 3}', 'retry: {attempts: 2}'],
  ['ebook/template.yaml', 'budget: {usd: 4, onExceed: ask}', 'budget: {usd: 40, onExceed: ask}'],
  ['ebook/template.yaml', 'onExceed: ask', 'onExceed: fail'],
  ['ebook/template.yaml', 'prompt: prompts/outline.hbs', 'prompt: prompts/discovery.hbs'],
  ['ebook/template.yaml', 'output: schemas/outline.json', 'output: schemas/chapter.json'],
  ['ebook/template.yaml', '[role:approver]', '[role:editor]'],
  ['ebook/template.yaml', 'quorum: 1', 'quorum: 2'],
  ['ebook/template.yaml', 'selfApproval: true', 'selfApproval: false'],
  ['ebook/template.yaml', 'onDeadline: escalate', 'onDeadline: approve'],
  ['ebook/template.yaml', 'maxAttempts: 5', 'maxAttempts: 1'],
  ['ebook/template.yaml', 'stages.discovery.output.subtitle', 'stages.discovery.output.title'],
  ['ebook/template.yaml', '["${{ inputs.author }}"]', '["${{ inputs.audience }}"]'],
  [
    'ebook/template.yaml',
    'chapters: ${{ stages.chapters.output }}',
    'chapters: ${{ stages.outline.output.chapters }}',
  ],
  ['ebook/template.yaml', 'pdf: ${{ stages.build.output.pdf }}', 'pdf: ${{ stages.build.output.epub }}'],
  ['ebook/template.yaml', 'as: chapter', 'as: item'],
  ['ebook/prompts/chapter.hbs', '{{inc index}}', '{{index}}'],
  ['ebook/prompts/chapter.hbs', '{{chapter.summary}}', '{{chapter.title}}'],
  ['ebook/prompts/outline.hbs', '{{#if feedback}}', '{{#if previous}}{{/if}}{{#unless feedback}}'],
  ['ebook/prompts/outline.hbs', '- {{remark.body}}', '- {{remark.path}}'],
  ['ebook/prompts/outline.hbs', '{{json previous}}', '{{json feedback}}'],
  ['ebook/prompts/outline.hbs', '{{> house-style}}', ''],
  ['ebook/prompts/discovery.hbs', '{{inputs.audience}}', '{{inputs.topic}}'],
  ['ebook/schemas/outline.json', '"maxItems": 40', '"maxItems": 1'],
  ['manuscript/template.yaml', 'book: ${{ stages.import.output }}', 'book: ${{ stages.frontmatter.output }}'],
  ['manuscript/template.yaml', 'stages.frontmatter.output.blurb', 'stages.import.output.title'],
  ['manuscript/prompts/frontmatter.hbs', '- {{chapter.title}}', '- {{json chapter}}'],
  ['manuscript/prompts/frontmatter.hbs', '{{inputs.audience}}', 'readers'],
  ['website/template.yaml', 'maxIterations: 5', 'maxIterations: 6'],
  ['website/template.yaml', 'html lang="${{ inputs.language }}"', 'html lang="${{ inputs.audience }}"'],
  [
    'website/template.yaml',
    '<h1>${{ stages.page.output.title }}</h1>',
    '<h1>${{ stages.page.output.description }}</h1>',
  ],
  ['website/template.yaml', 'html-validate:recommended', 'html-validate:a11y'],
  [
    'website/template.yaml',
    'runs: ${{ stages.check.output.iterations }}',
    'runs: ${{ stages.check.output.exitCode }}',
  ],
  ['website/prompts/repair.hbs', '{{result.output}}', ''],
  ['website/prompts/page.hbs', 'for {{inputs.audience}}', 'for readers'],
  ['website/schemas/page.json', '"minLength": 20', '"minLength": 150'],
  ['ebook/prompts/outline.hbs', 'Plan exactly {{inputs.chapters}}', 'Plan exactly five'],
];

/** Slips that `check` finds: nothing of the template can run. */
const BREAKING: Fault[] = [
  ['ebook/template.yaml', 'version: 1', 'version: v1'],
  ['ebook/template.yaml', 'stages.outline.output.chapters', 'stages.outlines.output.chapters'],
  ['ebook/template.yaml', 'forEach: ${{ stages.outline', 'forEach: ${{ stages.discovery'],
  ['ebook/template.yaml', 'prompt: prompts/outline.hbs', 'prompt: prompts/outlin.hbs'],
  ['ebook/template.yaml', 'uses: ebook/build', 'uses: ebook/bild'],
  ['ebook/template.yaml', 'stages.build.output.epub', 'stages.build.output.book'],
  ['ebook/template.yaml', 'required: [topic]', 'required: [subject]'],
  ['ebook/prompts/discovery.hbs', '{{inputs.topic}}', '{{inputs.subject}}'],
  ['ebook/prompts/chapter.hbs', '{{inc index}}', '{{plus index}}'],
  ['ebook/prompts/outline.hbs', '{{> house-style}}', '{{> housestyle}}'],
  ['ebook/schemas/outline.json', '"type": "array"', '"type": "list"'],
  ['ebook/schemas/brief.json', '"minLength": 3', '"minLength": "3"'],
  ['website/template.yaml', 'command: html-validate', 'comand: html-validate'],
  ['website/template.yaml', 'stages.check.output.files', 'stages.page.output.files'],
  ['manuscript/template.yaml', 'quorum: 1', 'quorum: 0'],
  ['manuscript/prompts/frontmatter.hbs', '{{/each}}', ''],
];

/** The shipped registry with one fault in it. */
function withFault([file, was, is]: Fault): RegistryFiles {
  const path = `templates/${file}`;
  const text = new TextDecoder().decode(SHIPPED.read(path));
  // A fault that is not planted would be caught by nobody.
  expect(text).toContain(was);
  const bytes = new TextEncoder().encode(text.replace(was, () => is));
  return {
    list: (prefix) => SHIPPED.list(prefix),
    read: (name) => (name === path ? bytes : SHIPPED.read(name)),
  };
}

async function isCaught(fault: Fault): Promise<boolean> {
  const files = withFault(fault);
  const template = fault[0].split('/')[0] ?? '';
  const { cases, findings } = await replayTemplates({ root: REGISTRY, files, template }, REGISTRY, isolation);
  return findings.length > 0 || cases.some(({ passed }) => !passed);
}

describe('the tests of the shipped templates', () => {
  it('pass, and reach everything', async () => {
    const { cases, coverage, findings } = await replayTemplates(
      { root: REGISTRY, files: SHIPPED, template: null },
      REGISTRY,
      isolation,
    );
    expect([
      findings,
      cases.filter(({ passed }) => !passed),
      coverage.flatMap(({ missed }) => missed),
    ]).toEqual([[], [], []]);
    expect(coverage.length).toBeGreaterThanOrEqual(3);
  });

  it.each(BREAKING)('are not even begun with a slip in %s: %j is now %j', (...fault) => {
    const { findings } = checkRegistry(withFault(fault), PLUGIN_CATALOG);
    expect(findings.map(({ severity }) => severity)).toContain('error');
  });

  it.each(FAULTS)('or the check notice a slip in %s: %j is now %j', async (...fault) => {
    expect(await isCaught(fault)).toBe(true);
  });
});
