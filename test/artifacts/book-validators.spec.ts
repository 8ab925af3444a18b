import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { actionBench } from './action-bench.ts';
import { HOSTILE_TEXTS } from './hostile-books.ts';
import { epubFaults, pdfFaults, tools } from '../support/validators.ts';

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
  (tools.java ? it : it.skip)(
    'pass epubcheck without an error or a warning',
    async () => {
      const found = await Promise.all((await Promise.all(books)).map(({ epub }) => epubFaults(epub)));
      expect(found).toEqual(SETS.map(() => []));
    },
    120_000,
  );

  (tools.qpdf && tools.pdfinfo ? it : it.skip)(
    'pass qpdf, and are tagged',
    async () => {
      const found = await Promise.all((await Promise.all(books)).map(({ pdf }) => pdfFaults(pdf)));
      expect(found).toEqual(SETS.map(() => []));
    },
    120_000,
  );
});
