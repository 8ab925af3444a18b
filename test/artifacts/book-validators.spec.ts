import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
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

/** What is changed in a sound book, and what epubcheck has to call it. */
const FAULTS = [
  { file: 'EPUB/text-001.xhtml', sound: '</h1>', faulty: '</h2>', called: 'FATAL(RSC-016)' },
  { file: 'EPUB/text-001.xhtml', sound: '<p>', faulty: '<p><blink/>', called: 'ERROR(RSC-005)' },
  { file: 'EPUB/package.opf', sound: '>2026-02-03<', faulty: '>3 February<', called: 'WARNING(OPF-053)' },
];

describe('books with a fault', () => {
  let book: Uint8Array;
  const written = (name: string, content: Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const changed = ({ file, sound, faulty }: (typeof FAULTS)[number]): Uint8Array => {
    const { mimetype = new Uint8Array(), ...files } = unzipSync(book);
    const text = strFromU8(files[file] ?? new Uint8Array());
    expect(text).toContain(sound);
    return zipSync({
      mimetype: [mimetype, { level: 0 }],
      ...files,
      [file]: strToU8(text.replace(sound, faulty)),
    });
  };

  beforeAll(async () => {
    const bench = actionBench();
    const metadata = { title: 'Small', authors: ['A. Writer'], language: 'en', date: '2026-02-03' };
    const out = await bench.run('ebook/build', { chapters: [{ title: 'One', content: 'Text.' }], metadata });
    book = bench.content(out['epub']);
  });

  (tools.java ? it : it.skip)(
    'are told from sound ones by epubcheck, whatever was judged before',
    async () => {
      const sound = written('sound.epub', book);
      const faulty = FAULTS.map((fault, index) => written(`faulty-${index}.epub`, changed(fault)));
      const files = [...faulty, sound, ...faulty, sound];
      const found = await Promise.all(files.map((file) => epubFaults(file)));
      const called = [...FAULTS.map((fault) => [fault.called]), []];
      expect(found.map((faults) => faults.map((fault) => fault.split(':')[0]))).toEqual([
        ...called,
        ...called,
      ]);
    },
    120_000,
  );

  (tools.java ? it : it.skip)(
    'and files that are none are refused by it',
    async () => {
      const none = [
        written('text.epub', strToU8('no book')),
        written('text.txt', strToU8('no book')),
        join(folder, 'nowhere.epub'),
      ];
      const found = await Promise.all(none.map((file) => epubFaults(file)));
      expect(found).toEqual([
        [expect.stringContaining('ERROR(PKG-003)'), expect.stringContaining('FATAL(PKG-008)')],
        [expect.stringContaining('Mode required for non-epub files')],
        [expect.stringContaining('File not found')],
      ]);
    },
    120_000,
  );
});
