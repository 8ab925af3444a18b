import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from '../support/root.ts';
import { epubFaults, pdfFaults, tools } from '../support/validators.ts';

const OUT = join(ROOT, 'out/demo');
const FILES = ['ebook.epub', 'ebook.pdf', 'handbook.epub', 'handbook.pdf'];
let said = '';

describe('npm run demo', () => {
  beforeAll(() => {
    rmSync(OUT, { recursive: true, force: true });
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--liftoff-only', join(ROOT, 'apps/cli/dist/bundle/demo.js')],
      {
        cwd: ROOT,
        encoding: 'utf8',
      },
    );
    said = stdout;
    if (status !== 0) throw new Error(`The demo ended with ${status}:\n${stdout}${stderr}`);
  }, 180_000);

  it('shows each stage, the outline that was sent back, and both approvals', () => {
    for (const stage of ['discovery', 'outline', 'chapters', 'build', 'import', 'frontmatter'])
      expect(said).toContain(`${stage}: completed`);
    expect(said).toMatch(/requests changes: "Begin with where the hive stands/);
    expect(said).toContain('outline: waits for approval (round 2)');
    expect(said).toMatch(/4 stages, 8 attempts/);
  });

  it.each(FILES)('writes %s and says its digest', (name) => {
    const digest = createHash('sha256')
      .update(readFileSync(join(OUT, name)))
      .digest('hex');
    expect(said).toMatch(new RegExp(`out/demo/${name} .* sha256 ${digest}`));
  });

  it('says in its summary that the text is a placeholder', () => {
    expect(said).toContain('The text is a placeholder');
  });

  const validated = Object.values(tools).every(Boolean) ? it : it.skip;
  validated.each(FILES)(
    '%s is accepted by outside validators',
    async (name) => {
      const faults = name.endsWith('.epub') ? epubFaults : pdfFaults;
      expect(await faults(join(OUT, name))).toEqual([]);
    },
    120_000,
  );
});
