import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runCli } from '../cli.ts';
import { PLUGIN_CATALOG } from '../plugins.ts';
import { fakeTerminal } from '../testing/fake-terminal.ts';

const SHIPPED = join(import.meta.dirname, '../../../../registry');
const folder = (): string => mkdtempSync(join(tmpdir(), 'new-'));

async function cli(cwd: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = fakeTerminal({ cwd });
  const code = await runCli(args, terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

describe('new template', () => {
  it.each(PLUGIN_CATALOG.workflowTypes())(
    'of type %s checks without a finding, and its cases pass',
    async (type) => {
      const root = folder();
      expect((await cli(root, 'new', 'template', 'field-guide', '--type', type)).code).toBe(0);
      expect(await cli(root, 'check')).toMatchObject({
        code: 0,
        out: '1 template checked: 0 errors, 0 warnings.\n',
      });
      const test = await cli(root, 'test', '--require-coverage', '--json');
      expect(test.code).toBe(0);
      const { cases } = JSON.parse(test.out) as { cases: Array<{ passed: boolean; differences: object[] }> };
      expect(cases.map(({ passed, differences }) => ({ passed, differences }))).toEqual([
        { passed: true, differences: [] },
        { passed: true, differences: [] },
      ]);
      expect(readFileSync(join(root, 'templates/field-guide/template.yaml'), 'utf8')).toMatch(
        /^# yaml-language-server: \$schema=\.\.\/\.\.\/schema\/template\.v1\.schema\.json\napiVersion/,
      );
      expect(readdirSync(join(root, 'templates/field-guide')).sort()).toEqual([
        'README.md',
        'prompts',
        'schemas',
        'template.yaml',
        'tests',
      ]);
    },
  );

  it('makes a registry of an empty folder, with the schemas that ship', async () => {
    const root = folder();
    mkdirSync(join(root, '.git'));
    const { out } = await cli(root, 'new', 'template', 'tea', '--json');
    expect(JSON.parse(out)).toMatchObject({ root, isNewRegistry: true });
    for (const schema of ['schema/template.v1.schema.json', 'schema/test.v1.schema.json']) {
      expect(readFileSync(join(root, schema), 'utf8')).toBe(readFileSync(join(SHIPPED, schema), 'utf8'));
    }
    const second = await cli(join(root, 'templates'), 'new', 'template', 'coffee', '--json');
    expect(JSON.parse(second.out)).toMatchObject({ root, isNewRegistry: false });
    expect((await cli(root, 'check')).out).toContain('2 templates checked: 0 errors, 0 warnings.');
  });

  it('finds the folder registry, and makes one where --registry says', async () => {
    const root = folder();
    await cli(root, 'new', 'template', 'tea', '--registry', 'registry');
    writeFileSync(join(root, 'package.json'), '{}');
    expect((await cli(root, 'new', 'template', 'coffee')).code).toBe(0);
    expect(readdirSync(join(root, 'registry/templates')).sort()).toEqual(['coffee', 'tea']);
  });

  it.each([
    ['a name in capitals', 'Tea', [], 'CLI_NAME_INVALID'],
    ['a name that leads elsewhere', '../tea', [], 'CLI_NAME_INVALID'],
    ['a name that is too long', 'a'.repeat(65), [], 'CLI_NAME_INVALID'],
    ['a name that is taken', 'ebook', [], 'CLI_TEMPLATE_EXISTS'],
    ['a type that no plugin provides', 'tea', ['--type', 'ebok'], 'CLI_TYPE_UNKNOWN'],
  ])('refuses %s', async (_what, name, more, code) => {
    const before = readdirSync(join(SHIPPED, 'templates'));
    const refused = await cli(SHIPPED, 'new', 'template', name, ...more);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining(code) });
    expect(refused.err).toContain('hint:');
    expect(readdirSync(join(SHIPPED, 'templates'))).toEqual(before);
  });

  it('leaves a folder alone that holds other things', async () => {
    const root = folder();
    writeFileSync(join(root, 'diary.txt'), 'x');
    expect(await cli(root, 'new', 'template', 'tea')).toMatchObject({
      code: 2,
      err: expect.stringContaining('not empty'),
    });
    expect(readdirSync(root)).toEqual(['diary.txt']);
    expect((await cli(root, 'new', 'template', 'tea', '--registry', 'a/b')).code).toBe(2);
  });

  it('makes nothing but templates', async () => {
    expect((await cli(folder(), 'new', 'plugin', 'tea')).code).toBe(2);
  });
});
