/** Manuscripts as people have them, from the upload to books that outside validators accept. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { strFromU8, strToU8, unzipSync } from 'fflate';
import type { JsonObject } from '@stagewright/engine/plugin';
import { actionBench } from './action-bench.ts';
import { zipFolder } from './manuscript-zip.ts';
import type { Edit } from './manuscript-zip.ts';
import { epubFaults, pdfFaults, tools } from '../support/validators.ts';

const fixtures = new URL('./fixtures/', import.meta.url).pathname;
const handbook = new URL('../../docs/handbook/', import.meta.url).pathname;
const books = mkdtempSync(join(tmpdir(), 'stagewright-manuscripts-'));

interface Warning {
  code: string;
  file?: string;
  line?: number;
}

interface Made {
  book: JsonObject;
  built: JsonObject;
  /** All pages of the EPUB, one after the other. */
  pages: string;
  files: { epub: string; pdf: string };
}

async function make(name: string, upload: string, content: Uint8Array | string): Promise<Made> {
  const bench = actionBench();
  const book = await bench.run('ebook/import-markdown', { manuscript: bench.upload(upload, content) });
  const built = await bench.run('ebook/build', { book });
  const files = { epub: join(books, `${name}.epub`), pdf: join(books, `${name}.pdf`) };
  writeFileSync(files.epub, bench.content(built['epub']));
  writeFileSync(files.pdf, bench.content(built['pdf']));
  const pages = Object.entries(unzipSync(bench.content(built['epub'])))
    .filter(([path]) => path.endsWith('.xhtml'))
    .map(([, page]) => strFromU8(page).replaceAll(' />', '/>'));
  return { book, built, pages: pages.join('\n'), files };
}

const windows: Edit = (content, path) =>
  path.endsWith('.md') ? strToU8(`\ufeff${strFromU8(content).replaceAll('\n', '\r\n')}`) : content;
const folder = (name: string, edit?: Edit) => () =>
  make(name, `${name}.zip`, zipFolder(join(fixtures, name), edit));
const large = () => {
  const paragraph =
    'The quick brown fox *jumps*\nover the lazy dog, and runs away from it & its friends. '.repeat(8);
  const chapters = Array.from(
    { length: 60 },
    (_, index) => `# Chapter ${index + 1}\n\n${`${paragraph}\n\n`.repeat(36)}`,
  );
  return make('large', 'large.md', chapters.join(''));
};

interface Case {
  name: string;
  make: () => Promise<Made>;
  title: string;
  chapters: string[];
  /** Codes with file and line, in order. */
  warnings: string[];
  /** Warnings of the build. */
  building?: string[];
  holds: Array<string | RegExp>;
  lacks?: RegExp;
}

const CASES: Case[] = [
  {
    name: 'a novel in one file, with underlined headings',
    make: folder('novel'),
    title: 'The Lighthouse: A Story',
    chapters: ['The Lighthouse: A Story', 'The Crossing', "The Keeper's Log", 'A Light'],
    warnings: [],
    holds: [
      'past the second buoy,<br/>past the wreck,<br/>past',
      'went the last of',
      '1 &lt; 2',
      '<p>1986. It was',
    ],
  },
  {
    name: 'a technical book with a summary and nested folders',
    make: folder('technical'),
    title: 'Sprocket, the manual',
    chapters: ['Sprocket, the manual', 'Install', 'From source', 'Use', 'Options', 'Not in the summary'],
    warnings: [
      'CHAPTER_UNLISTED reference/unlisted.md',
      'SVG_CLEANED guide/install.md:7',
      'LINK_BROKEN guide/use.md:13',
    ],
    holds: [
      'href="text-005.xhtml#h---verbose"',
      'List&lt;String&gt;',
      '&lt;your-name&gt;',
      'alt="How it fits"',
    ],
    lacks: /<script|onclick/,
  },
  {
    name: 'an export of a note program, with spaces, percent signs and hashes in names',
    make: folder('vault'),
    title: 'The Garden Book 4f2a1b',
    chapters: ['Soil & Water', 'When to sow', 'Harvest \u{1f955}'],
    warnings: [],
    holds: ['alt="Leaf, 50%"', 'href="text-002.xhtml">Seeds', 'href="text-001.xhtml">back'],
  },
  {
    name: 'footnotes and reference links with the same labels in several files',
    make: folder('references'),
    title: 'Notes & References',
    chapters: ['First', 'Second'],
    warnings: ['FOOTNOTE_UNUSED 01-first.md:21'],
    holds: [
      'First file',
      'Second file',
      'Missing[^nowhere]',
      'https://example.org/?a=1&amp;b=2',
      'Small Press',
    ],
  },
  {
    name: 'Windows line ends, byte order marks and umlauts in names',
    make: folder('windows', windows),
    title: '\u00dcber \u00d6fen',
    chapters: ['Einleitung', 'Schlu\u00df'],
    warnings: [],
    holds: [
      'lang="de-AT"',
      'Zeile eins Zeile zwei mit hartem Umbruch<br/>Zeile drei.',
      'J\u00f6rg M\u00fcller',
    ],
    lacks: /\r|\ufeff/,
  },
  {
    name: 'Arabic and Hebrew',
    make: folder('rtl'),
    title: '\u0643\u062a\u0627\u0628 \u0627\u0644\u0634\u0627\u064a',
    chapters: [
      '\u0627\u0644\u0641\u0635\u0644 \u0627\u0644\u0623\u0648\u0644',
      '\u05e4\u05e8\u05e7 \u05d1\u05e2\u05d1\u05e8\u05d9\u05ea',
      'English chapter',
    ],
    warnings: [],
    holds: ['lang="ar" xml:lang="ar" dir="rtl"', '<p dir="ltr">Left to right'],
  },
  {
    name: 'Japanese',
    make: folder('japanese'),
    title: '\u8336\u306e\u672c',
    chapters: ['\u4eba\u60c5\u306e\u7897', '\u8336\u306e\u8af8\u6d41'],
    warnings: ['HTML_REMOVED \u672c.md:10', 'HTML_REMOVED \u672c.md:10', 'HTML_REMOVED \u672c.md:10'],
    building: ['PDF_GLYPH_MISSING'],
    holds: ['\u9ad8\u96c5\u306a\u904a\u3073', 'lang="ja"'],
  },
  {
    name: 'an academic paper with definition lists, HTML tables and entities',
    make: folder('academic'),
    title: 'On Water&nbsp;and H~2~O',
    chapters: ['Introduction', 'References'],
    warnings: ['HTML_REMOVED paper.md:44', 'HTML_REMOVED paper.md:46', 'IMAGE_MISSING paper.md:61'],
    holds: [
      'H<sub>2</sub>O',
      '10<sup>-3</sup>\u00a0m',
      'line one<br/>line two',
      '<dt>Term two</dt>',
      /<td><\/td><td[^>]*>3<\/td>/,
      'lang="en-US"',
    ],
    lacks: /display|&amp;(?:nbsp|copy|mdash);(?!and)/,
  },
  {
    name: 'a single file of 1.5 MB',
    make: large,
    title: 'Large',
    chapters: Array.from({ length: 60 }, (_, index) => `Chapter ${index + 1}`),
    warnings: [],
    holds: ['<em>jumps</em> over the lazy dog'],
  },
  {
    name: 'the handbook of the product',
    make: () => make('handbook', 'handbook.zip', zipFolder(handbook)),
    title: 'The Stagewright Handbook',
    chapters: ['Before you begin', 'What Stagewright does'],
    warnings: [],
    holds: ['It lives in a Git repository', 'epub:type="noteref"', '<table>'],
  },
];

describe.each(CASES)('$name', ({ make: build, ...expected }) => {
  let made: Made;
  beforeAll(async () => {
    made = await build();
  }, 120_000);

  it('is read whole: its title, its chapters in order, and a warning where something could not be kept', () => {
    const chapters = (made.book['chapters'] as JsonObject[]).map(({ title }) => title);
    expect({ title: made.book['title'], chapters: chapters.slice(0, expected.chapters.length) }).toEqual({
      title: expected.title,
      chapters: expected.chapters,
    });
    const said = (made.book['warnings'] as unknown as Warning[]).map(({ code, file, line }) =>
      [code, [file, line].filter((part) => part !== undefined).join(':')].join(' '),
    );
    expect(said).toEqual(expected.warnings);
    expect((made.built['warnings'] as JsonObject[]).map(({ code }) => code)).toEqual(expected.building ?? []);
  });

  it('keeps its words', () => {
    for (const part of expected.holds) {
      if (typeof part === 'string') expect(made.pages).toContain(part);
      else expect(made.pages).toMatch(part);
    }
    if (expected.lacks !== undefined) expect(made.pages).not.toMatch(expected.lacks);
  });

  (tools.java ? it : it.skip)(
    'passes epubcheck',
    async () => {
      expect(await epubFaults(made.files.epub)).toEqual([]);
    },
    120_000,
  );

  (tools.qpdf && tools.pdfinfo ? it : it.skip)(
    'passes qpdf, and is tagged',
    async () => {
      expect(await pdfFaults(made.files.pdf)).toEqual([]);
    },
    120_000,
  );
});
