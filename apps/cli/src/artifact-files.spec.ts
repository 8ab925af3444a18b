import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { resultFiles, saveArtifacts } from './artifact-files.ts';
import { sampleArtifact, sampleRun } from './testing/sample-run.ts';
import { scriptedHost } from './testing/scripted-host.ts';

const host = scriptedHost([{ facts: [], run: sampleRun() }]);
const folder = (): string => mkdtempSync(join(tmpdir(), 'artifacts-'));

describe('saving files', () => {
  it('writes the newest of each name, into a folder that is made', async () => {
    const out = join(folder(), 'a/b');
    const paths = await saveArtifacts(
      host,
      [sampleArtifact('x.epub', 'old'), sampleArtifact('y.pdf'), sampleArtifact('x.epub', 'new')],
      out,
    );
    expect(paths.map(({ path }) => path)).toEqual([join(out, 'x.epub'), join(out, 'y.pdf')]);
    expect(readFileSync(join(out, 'x.epub'), 'utf8')).toBe('content of new');
  });

  it.each(['../x', 'a/b', '/etc/passwd', '..', '.', '', 'a\\b', '.bashrc'])(
    'never leaves the folder: %j',
    async (name) => {
      const out = folder();
      await expect(saveArtifacts(host, [sampleArtifact(name)], out)).rejects.toMatchObject({
        code: 'NAME_INVALID',
      });
      expect(readdirSync(out)).toEqual([]);
    },
  );
});

describe('the files a run results in', () => {
  const artifacts = [sampleArtifact('draft.txt'), sampleArtifact('book.epub')];
  it('are those its outputs name, however deep', () => {
    const outputs = { books: [{ epub: { ...artifacts[1] } }] } as never;
    expect(resultFiles(sampleRun({ artifacts, outputs }))).toEqual([artifacts[1]]);
  });
  it('are all when the outputs name none', () => {
    expect(resultFiles(sampleRun({ artifacts, outputs: { title: 'Bees' } }))).toEqual(artifacts);
    expect(resultFiles(sampleRun({ artifacts, outputs: null }))).toEqual(artifacts);
  });
});
