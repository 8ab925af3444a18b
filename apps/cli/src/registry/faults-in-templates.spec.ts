/**
 * One-line faults planted in the registry that ships: each is found by `check`, or by a recorded case of the template. When
 * `find` is not there any more, the template has changed: plant the fault where its sentence is now. When a fault is found by
 * nothing, a case is missing; leaving the fault out would only hide that.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Isolation } from '@stagewright/engine';
import { createIsolation } from '@stagewright/engine/isolation';
import { checkRegistry, filesFromMap } from '@stagewright/engine/template';
import type { RegistryFiles } from '@stagewright/engine/template';
import { replayCase } from '@stagewright/engine/testing';
import { PLUGIN_CATALOG } from '../plugins.ts';
import { openRegistryFolder } from './folder-files.ts';

interface PlantedFault {
  what: string;
  file: string;
  find: string;
  replace: string;
}

const EBOOK = 'templates/ebook';
const MANUSCRIPT = 'templates/manuscript';
const WEBSITE = 'templates/website';

const FAULTS: PlantedFault[] = [
  {
    what: 'an expression names a stage that is not there',
    file: `${EBOOK}/template.yaml`,
    find: '${{ stages.outline.output.chapters }}',
    replace: '${{ stages.outlines.output.chapters }}',
  },
  {
    what: 'a version that is none',
    file: `${EBOOK}/template.yaml`,
    find: 'version: 1',
    replace: 'version: v1',
  },
  {
    what: 'a prompt that is not there',
    file: `${EBOOK}/template.yaml`,
    find: 'prompt: prompts/outline.hbs',
    replace: 'prompt: prompts/outlin.hbs',
  },
  {
    what: 'an action that is not there',
    file: `${EBOOK}/template.yaml`,
    find: 'uses: ebook/build',
    replace: 'uses: ebook/bild',
  },
  {
    what: 'an output that the action does not give',
    file: `${EBOOK}/template.yaml`,
    find: '${{ stages.build.output.epub }}',
    replace: '${{ stages.build.output.book }}',
  },
  {
    what: 'a list that has no chapters in it',
    file: `${EBOOK}/template.yaml`,
    find: 'forEach: ${{ stages.outline.output.chapters }}',
    replace: 'forEach: ${{ stages.discovery.output.keywords }}',
  },
  {
    what: 'an input asked for that nobody can give',
    file: `${EBOOK}/template.yaml`,
    find: 'required: [topic]',
    replace: 'required: [subject]',
  },
  {
    what: 'an input that is not declared',
    file: `${EBOOK}/prompts/discovery.hbs`,
    find: '{{inputs.topic}}',
    replace: '{{inputs.subject}}',
  },
  {
    what: 'a helper that is not there',
    file: `${EBOOK}/prompts/chapter.hbs`,
    find: '{{inc index}}',
    replace: '{{plus index}}',
  },
  {
    what: 'chapters counted from nought',
    file: `${EBOOK}/prompts/chapter.hbs`,
    find: '{{inc index}}',
    replace: '{{index}}',
  },
  {
    what: 'a partial that is not there',
    file: `${EBOOK}/prompts/outline.hbs`,
    find: '{{> house-style}}',
    replace: '{{> housestyle}}',
  },
  {
    what: 'a number of chapters that is always the same',
    file: `${EBOOK}/prompts/outline.hbs`,
    find: 'Plan exactly {{inputs.chapters}}',
    replace: 'Plan exactly five',
  },
  {
    what: 'remarks of reviewers that are not passed on',
    file: `${EBOOK}/prompts/outline.hbs`,
    find: '- {{remark.body}}',
    replace: '- a remark',
  },
  {
    what: 'a contract with a type that is none',
    file: `${EBOOK}/schemas/outline.json`,
    find: '"type": "array"',
    replace: '"type": "list"',
  },
  {
    what: 'a contract that asks for a number as text',
    file: `${EBOOK}/schemas/brief.json`,
    find: '"minLength": 3',
    replace: '"minLength": "3"',
  },
  {
    what: 'a contract that no page satisfies',
    file: `${WEBSITE}/schemas/page.json`,
    find: '"minLength": 20',
    replace: '"minLength": 150',
  },
  {
    what: 'a key that is misspelt',
    file: `${WEBSITE}/template.yaml`,
    find: 'command: html-validate',
    replace: 'comand: html-validate',
  },
  {
    what: 'files taken from a stage that has none',
    file: `${WEBSITE}/template.yaml`,
    find: '${{ stages.check.output.files }}',
    replace: '${{ stages.page.output.files }}',
  },
  {
    what: 'a loop without a second try',
    file: `${WEBSITE}/template.yaml`,
    find: 'maxIterations: 5',
    replace: 'maxIterations: 1',
  },
  {
    what: 'an output that is another one',
    file: `${WEBSITE}/template.yaml`,
    find: '${{ stages.check.output.iterations }}',
    replace: '${{ stages.check.output.exitCode }}',
  },
  {
    what: 'a repair that is not told what is wrong',
    file: `${WEBSITE}/prompts/repair.hbs`,
    find: '{{result.output}}',
    replace: 'Something is wrong.',
  },
  {
    what: 'a gate that asks for nobody',
    file: `${MANUSCRIPT}/template.yaml`,
    find: 'quorum: 1',
    replace: 'quorum: 0',
  },
  {
    what: 'chapters named by their ids',
    file: `${MANUSCRIPT}/prompts/frontmatter.hbs`,
    find: '- {{chapter.title}}',
    replace: '- {{chapter.id}}',
  },
  {
    what: 'a block that is not closed',
    file: `${MANUSCRIPT}/prompts/frontmatter.hbs`,
    find: '{{/each}}',
    replace: '',
  },
  {
    what: 'a head of a shared prompt that is broken',
    file: 'prompts/house-style.hbs',
    find: 'variables: []',
    replace: 'variables: [',
  },
];

const registry = openRegistryFolder(join(import.meta.dirname, '../../../../registry')).files;
let isolation: Isolation;
beforeAll(() => {
  isolation = createIsolation();
});
afterAll(() => isolation.close());

function planted({ file, find, replace }: PlantedFault): RegistryFiles {
  const files = new Map(registry.list('').map((path) => [path, registry.read(path) ?? new Uint8Array()]));
  const text = Buffer.from(files.get(file) ?? []).toString();
  if (!text.includes(find))
    throw new Error(`${file} does not hold ${JSON.stringify(find)} any more: see above.`);
  files.set(file, Buffer.from(text.replace(find, () => replace)));
  return filesFromMap(files);
}

/** Who finds something: `check`, or the cases that fail. */
async function foundBy(files: RegistryFiles, templates: string[] | null): Promise<string[]> {
  const checked = checkRegistry(files, PLUGIN_CATALOG);
  const errors = checked.findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return ['check'];
  const failed: string[] = [];
  for (const { name, plan } of checked.templates) {
    if (plan === null || (templates !== null && !templates.includes(name))) continue;
    for (const path of files.list(`templates/${name}/tests/`).filter((file) => file.endsWith('.test.yaml'))) {
      const bytes = files.read(path) ?? new Uint8Array();
      const { passed } = await replayCase({ plan, catalog: PLUGIN_CATALOG, isolation, path, bytes });
      if (!passed) failed.push(path);
    }
  }
  return failed;
}

describe('the registry that ships', () => {
  it('has no fault to begin with', async () => {
    expect(await foundBy(registry, null)).toEqual([]);
  });

  it.each(FAULTS)('is found out: $what ($file)', async (fault) => {
    const [folder, name = ''] = fault.file.split('/');
    expect(await foundBy(planted(fault), folder === 'templates' ? [name] : null)).not.toEqual([]);
  });

  it('is tried with enough faults of both kinds', async () => {
    expect(FAULTS.length).toBeGreaterThanOrEqual(20);
    const byCheck = await Promise.all(FAULTS.map((fault) => foundBy(planted(fault), [])));
    const checked = byCheck.filter((found) => found.length > 0).length;
    expect(checked).toBeGreaterThanOrEqual(10);
    expect(FAULTS.length - checked).toBeGreaterThanOrEqual(6);
  });
});
