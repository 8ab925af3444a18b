import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { runCli } from '../cli.ts';
import { fakeTerminal } from '../testing/fake-terminal.ts';
import { twoTemplates } from '../testing/git-registry.ts';

const REGISTRY = join(import.meta.dirname, '../../../../registry');
const CASE = 'templates/ebook/tests/approved-at-once.test.yaml';

let copy: string;
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'check-'));
  cpSync(REGISTRY, copy, { recursive: true });
});

async function check(
  path: string,
): Promise<{ code: number; findings: Array<{ file: string; code: string }> }> {
  const terminal = fakeTerminal();
  const code = await runCli(['check', path, '--json'], terminal);
  return {
    code,
    findings: (JSON.parse(terminal.out()) as { findings: Array<{ file: string; code: string }> }).findings,
  };
}

describe('check', () => {
  it('finds nothing in the registry that ships', async () => {
    expect(await check(copy)).toEqual({ code: 0, findings: [] });
  });

  it.each(['', 'templates/ebook'])(
    'finds what is wrong in a recorded case, from the folder "%s"',
    async (place) => {
      writeFileSync(
        join(copy, CASE),
        readFileSync(join(copy, CASE), 'utf8').replace('  outline:', '  outlin:'),
      );
      const { code, findings } = await check(join(copy, place));
      expect(code).toBe(1);
      expect(findings).toEqual([expect.objectContaining({ file: CASE, code: 'TEST_UNKNOWN_STAGE' })]);
    },
  );

  it('of one template says nothing of its neighbours', async () => {
    writeFileSync(join(copy, 'templates/manuscript/template.yaml'), 'nonsense');
    expect(await check(join(copy, 'templates/ebook'))).toEqual({ code: 0, findings: [] });
  });

  it('speaks to GitHub, with paths from the root of the repository', async () => {
    const registry = twoTemplates('content/registry');
    registry.edit('templates/tea/template.yaml', 'mode: ai', 'mode: magic');
    const terminal = fakeTerminal({ cwd: registry.root });
    expect(await runCli(['check', '--format', 'github'], terminal)).toBe(1);
    expect(terminal.out().split('\n')).toEqual([
      expect.stringMatching(
        /^::error file=content\/registry\/templates\/tea\/template.yaml,line=15,col=11,endColumn=16,title=TEMPLATE_SCHEMA::"mode" must be one of /,
      ),
      '2 templates checked: 1 error, 0 warnings.',
      '',
    ]);
  });

  it('speaks to GitHub without a repository, too', async () => {
    writeFileSync(join(copy, 'templates/manuscript/template.yaml'), 'nonsense');
    const terminal = fakeTerminal({ cwd: copy });
    await runCli(['check', '--format', 'github'], terminal);
    expect(terminal.out()).toMatch(/^::error file=templates\/manuscript\/template.yaml,line=1/);
  });
});
