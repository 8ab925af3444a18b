/** Examples in the documentation do what the text says, and its links lead somewhere. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { catalogOf, checkRegistry, filesFromMap } from '@stagewright/engine/template';
import { ebook } from '@stagewright/plugin-ebook';
import { ROOT } from '../support/root.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Code blocks of a page that name their file in the first line. */
function namedFiles(page: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const [, block = ''] of page.matchAll(/^```(?:yaml|handlebars)\n([\s\S]*?)^```$/gm)) {
    const [head = '', ...rest] = block.split('\n');
    const path = /templates\/\S+/.exec(head)?.[0];
    if (path !== undefined) files.set(path, rest.join('\n'));
  }
  return files;
}

describe('the reference of template tests', () => {
  it('has a first example that the shipped template takes without a finding', () => {
    const [, example = ''] =
      /^```yaml\n([\s\S]*?)^```$/m.exec(read('docs/reference/template-tests.md')) ?? [];
    const shipped = readdirSync(join(ROOT, 'registry'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path): [string, string] => [
        path.slice(join(ROOT, 'registry').length + 1),
        readFileSync(path, 'utf8'),
      ]);
    const files = new Map([...shipped, ['templates/ebook/tests/example.test.yaml', example]]);
    const { templates } = checkRegistry(filesFromMap(files), catalogOf([ebook]));
    const found = templates.find(({ name }) => name === 'ebook');
    expect([example.includes('expect:'), found?.testFindings]).toEqual([true, []]);
  });
});

describe('the reference of the template format', () => {
  it('has examples that compile without a finding', () => {
    const files = namedFiles(read('docs/reference/template.md'));
    const result = checkRegistry(filesFromMap(files), catalogOf([ebook]));
    expect(result.findings).toEqual([]);
    expect(result.templates.map(({ name, plan }) => [name, plan !== null])).toEqual([
      ['hello', true],
      ['verses', true],
    ]);
  });
});

/** Defines the plugin, runs each of its examples as an action would be run, and prints what did not come out as told. */
const RUN_EXAMPLES = `
import { words } from './plugin.ts';
for (const action of words.actions) {
  for (const { title, with: input, expect } of action.examples) {
    const written = [];
    const context = { sourceDate: '2026-01-01T00:00:00.000Z', artifacts: { write: async (file) => (written.push(file), { name: file.name }) } };
    const told = await action.run(input, context).then((output) => JSON.stringify(output), (error) => error.code);
    const wanted = 'error' in expect ? expect.error : JSON.stringify(expect.output).slice(1, -1);
    console.log(title, told.includes(wanted) ? 'ok' : told);
  }
}
`;

describe('the guide to plugins', () => {
  it('has a plugin that compiles and whose examples come out as told', () => {
    mkdirSync(join(ROOT, 'out'), { recursive: true });
    const folder = mkdtempSync(join(ROOT, 'out/plugin-example-'));
    try {
      const [, code = ''] = /^```ts\n([\s\S]*?)^```$/m.exec(read('docs/reference/plugins.md')) ?? [];
      writeFileSync(join(folder, 'plugin.ts'), code);
      writeFileSync(join(folder, 'run.ts'), RUN_EXAMPLES);
      const config = {
        extends: '../../tsconfig.base.json',
        compilerOptions: { noEmit: true, composite: false },
        files: ['plugin.ts'],
      };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
      const run = (args: string[]): string =>
        execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' });
      expect(run([join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder])).toBe('');
      expect(run([join(folder, 'run.ts')])).toBe('Three words ok\nNo words ok\n');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});

describe('links of the documentation', () => {
  const pages = [
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'docs/README.md',
    ...pagesOf('docs/handbook'),
    ...pagesOf('docs/reference'),
    ...pagesOf('docs/adr'),
  ];

  it.each(pages)('%s leads only to what is there', (page) => {
    const targets = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(
      ([, target = '']) => target.split('#')[0] ?? '',
    );
    const broken = targets.filter(
      (target) =>
        target !== '' && !/^[a-z]+:/.test(target) && !existsSync(resolve(ROOT, dirname(page), target)),
    );
    expect(broken).toEqual([]);
  });
});

function pagesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}
