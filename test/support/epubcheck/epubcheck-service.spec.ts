import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { EpubcheckService } from './epubcheck-service.ts';
import { tools } from '../validators.ts';

const BOOK = '/a book/that nobody "reads".epub';
const withJava = tools.java ? it : it.skip;
let service: EpubcheckService;
afterEach(async () => {
  await service.end();
});

describe('a JVM for epubcheck', () => {
  withJava('answers for each file in the order in which they were given', async () => {
    service = new EpubcheckService();
    const said = await Promise.all([BOOK, '/a\nb.epub', '/Büchlein.epub'].map((file) => service.check(file)));
    expect(said).toEqual([
      { code: 1, said: expect.stringContaining(`File not found: "${BOOK}"`) },
      { code: 1, said: expect.stringContaining('Mode required for non-epub files') },
      { code: 1, said: expect.stringContaining('File not found: "/Büchlein.epub"') },
    ]);
  });

  withJava('that ends in a book is an error for all that wait, and for who comes later', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stagewright-pipe-'));
    const endless = join(folder, 'endless.epub');
    execFileSync('mkfifo', [endless]);
    service = new EpubcheckService({ limitMs: 30_000 });
    const first = await service.check(BOOK);
    const waiting = [endless, BOOK].map((file) => service.check(file).catch(String));
    expect(await service.end()).toBe(0);
    rmSync(folder, { recursive: true });
    const said = [...(await Promise.all(waiting)), await service.check(BOOK).catch(String)];
    expect(first.code).toBe(1);
    for (const each of said) expect(each).toMatch(/The JVM of epubcheck ended before it had judged/);
  });

  withJava('that is silent for too long is ended, and that is said', async () => {
    service = new EpubcheckService({ limitMs: 1 });
    await expect(service.check(BOOK)).rejects.toThrow('It was silent for 1 ms.');
  });

  it.each([
    ['is not there', 'no-such-java', 'spawn no-such-java ENOENT'],
    ['does not start', process.execPath, 'bad option: -XX:+UseSerialGC'],
  ])('that %s is an error with its reason', async (_, java, reason) => {
    service = new EpubcheckService({ java });
    await expect(service.check(BOOK)).rejects.toThrow(reason);
  });
});
