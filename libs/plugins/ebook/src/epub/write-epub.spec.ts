/** What an EPUB may not be made wrong in, one test per defect that was seen in books of other writers; then the same under fuzz. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import type { ActionContext, Json, JsonObject } from '@stagewright/engine/plugin';
import { readBook } from '../book/read-book.ts';
import { Warnings } from '../document/model.ts';
import { readManuscript } from '../manuscript/read-manuscript.ts';
import { writeEpub } from './write-epub.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

async function epubOf(input: JsonObject, placeholder = false): Promise<Uint8Array> {
  const context = {
    run: { title: 'A run' },
    sourceDate: '2026-01-01T00:00:00Z',
    placeholder,
    signal: new AbortController().signal,
    artifacts: { read: () => Promise.resolve({ ref: { name: 'a.png' }, content: PNG }) },
  } as unknown as ActionContext;
  return writeEpub(await readBook(input, context, new Warnings()), { css: new Uint8Array(), coverPng: PNG });
}

async function pagesOf(input: JsonObject, placeholder = false): Promise<Map<string, string>> {
  const files = Object.entries(unzipSync(await epubOf(input, placeholder)));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return new Map(
    files
      .filter(([name]) => /\.(?:xhtml|opf|ncx|xml)$/.test(name))
      .map(([name, content]) => [name, decoder.decode(content)]),
  );
}

const NAME = '[A-Za-z_][\\w.-]*(?::[A-Za-z_][\\w.-]*)?';
const VALUE = '"(?:[^<&"]|&(?:amp|lt|gt|quot|apos|#\\d+|#x[0-9A-Fa-f]+);)*"';
const TOKEN = new RegExp(
  `<\\?xml [^?]*\\?>|<!DOCTYPE html>|<(/?)(${NAME})((?:\\s+${NAME}=${VALUE})*)\\s*(/?)>|[^<&]+|&(?:amp|lt|gt|quot|apos);`,
  'gy',
);

/**
 * Why a text is not well-formed XML; null when it is. Stricter than XML where our writer is (no CDATA, no comments), and unlike
 * lenient parsers it does not mend what is not closed.
 */
function xmlFault(text: string): string | null {
  // eslint-disable-next-line no-control-regex -- what XML 1.0 forbids
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u.test(text))
    return 'a character XML forbids';
  const open: string[] = [];
  let roots = 0;
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) return `at ${at}: ${text.slice(at, at + 60)}`;
    at = TOKEN.lastIndex;
    const [token, close, name, attributes = '', empty] = match;
    if (name === undefined) {
      if (open.length === 0 && !/^(?:<[?!]|\s+$)/.test(token)) return `text outside: ${token}`;
      continue;
    }
    const names = [...attributes.matchAll(new RegExp(`(${NAME})=${VALUE}`, 'g'))].map(([, key]) => key);
    if (new Set(names).size !== names.length) return `an attribute twice: ${token}`;
    if (close === '/') {
      if (open.pop() !== name) return `closes what is not open: ${token}`;
    } else {
      if (open.length === 0) roots += 1;
      if (empty !== '/') open.push(name);
    }
  }
  return open.length > 0 ? `never closed: ${open.join(' ')}` : roots === 1 ? null : `${roots} roots`;
}

/** The tags alone: words may say anything. */
function tagsOf(page: string): string {
  return page.replace(/>[^<]*</g, '><');
}

/** Everything that no page may hold, and every link that leads nowhere. */
function pageFaults(pages: Map<string, string>): string[] {
  const faults: string[] = [];
  const ids = new Map<string, Set<string>>();
  for (const [name, whole] of pages) {
    const fault = xmlFault(whole);
    if (fault !== null) faults.push(`${name}: ${fault}`);
    const page = tagsOf(whole);
    const found = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id ?? '');
    if (new Set(found).size !== found.length) faults.push(`${name}: an id twice`);
    ids.set(name, new Set(found));
    if (/<(?:script|style|iframe|object|embed|form|svg|math)[\s>/]/i.test(page))
      faults.push(`${name}: an active element`);
    if (/\s(?:on[a-z]+|style)="/i.test(page)) faults.push(`${name}: an active attribute`);
    if (/(?:href|src)="\s*(?:javascript|vbscript|data|file):/i.test(page))
      faults.push(`${name}: an active address`);
    if (/<img(?![^>]*\salt=")/.test(page)) faults.push(`${name}: an image without alt`);
  }
  for (const [name, whole] of pages) {
    for (const [, href = ''] of tagsOf(whole).matchAll(/<a [^>]*href="([^"]*)"/g)) {
      if (/^(?:https?|mailto):/.test(href)) continue;
      const [file = '', anchor] = href.split('#');
      const target = ids.get(file === '' ? name : `EPUB/${file}`);
      if (target === undefined || (anchor !== undefined && !target.has(anchor)))
        faults.push(`${name}: ${href} leads nowhere`);
    }
  }
  return faults;
}

/** First as a manuscript with its own image (a file with NUL bytes is refused as binary), then as text that a stage wrote. */
async function faultsOf(text: string): Promise<string[]> {
  const warnings = new Warnings();
  const files = [
    { path: 'a.md', content: new TextEncoder().encode(text.replaceAll('\0', '')) },
    { path: 'a.png', content: PNG },
  ];
  const { facts, chapters, images } = readManuscript(files, 'a.md', warnings);
  const listed = images.map(({ id, name }) => ({ id, name, artifact: 'x' }));
  const book = JSON.parse(JSON.stringify({ ...facts, chapters, images: listed })) as JsonObject;
  const asWritten: Json[] = [text, { title: text.slice(0, 99), sections: [{ title: text, content: text }] }];
  return [
    ...pageFaults(await pagesOf({ book })),
    ...pageFaults(
      await pagesOf(
        { chapters: asWritten, metadata: { title: text, authors: [text], description: text } },
        true,
      ),
    ),
  ];
}

describe('xmlFault', () => {
  it.each([
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a x=1/>',
    '<a x="1" x="2"/>',
    '<a>&nbsp;</a>',
    '<a>a & b</a>',
    '<a x="<"/>',
    'x<a/>',
    '<a>\u0001</a>',
    '',
  ])('finds the fault of %j', (text) => {
    expect(xmlFault(text)).not.toBeNull();
  });

  it('finds none where there is none', () => {
    expect(xmlFault('<?xml version="1.0"?>\n<!DOCTYPE html>\n<a x="&amp;"><b:c/>&lt; é</a>\n')).toBeNull();
  });
});

describe('an EPUB', () => {
  it('begins with its mimetype, stored and without extra fields', async () => {
    const bytes = Buffer.from(await epubOf({ chapters: ['x'] }));
    expect(bytes.readUInt32LE(0)).toBe(0x04034b50);
    expect({
      method: bytes.readUInt16LE(8),
      packed: bytes.readUInt32LE(18),
      extra: bytes.readUInt16LE(28),
    }).toEqual({
      method: 0,
      packed: 20,
      extra: 0,
    });
    expect(bytes.subarray(30, 58).toString('latin1')).toBe('mimetypeapplication/epub+zip');
  });

  it('escapes every bare &, and keeps what only looks like an entity', async () => {
    const pages = await pagesOf({
      chapters: [{ title: 'Q&A', content: 'AT&T `&amp;` &nbsp;&bogus;' }],
      metadata: { title: 'R&D &amp;' },
    });
    expect(pageFaults(pages)).toEqual([]);
    expect(pages.get('EPUB/package.opf')).toContain('>R&amp;D &amp;amp;</dc:title>');
    expect(pages.get('EPUB/text-001.xhtml')).toContain(
      'AT&amp;T <code dir="ltr">&amp;amp;</code> \u00a0&amp;bogus;',
    );
  });

  it('leaves out an empty description', async () => {
    for (const description of ['', '  ', null]) {
      const opf = (await pagesOf({ chapters: ['x'], metadata: { title: 'T', description } })).get(
        'EPUB/package.opf',
      );
      expect(opf).not.toContain('dc:description');
    }
  });

  it('keeps footnotes of chapters apart that use the same labels, with ways back', async () => {
    const note = (words: string) => `x[^1] y[^1]\n\n[^1]: ${words}`;
    const pages = await pagesOf({ chapters: [note('first'), note('second')] });
    expect(pageFaults(pages)).toEqual([]);
    expect(pages.get('EPUB/text-001.xhtml')).toContain('first');
    expect(pages.get('EPUB/text-002.xhtml')).not.toContain('first');
    for (const page of ['EPUB/text-001.xhtml', 'EPUB/text-002.xhtml']) {
      for (const part of ['href="#note-1"', 'id="note-1"', 'href="#ref-1-1"', 'href="#ref-1-2"'])
        expect(pages.get(page)).toContain(part);
    }
  });

  it('says what it is accessible for', async () => {
    const opf = (await pagesOf({ chapters: ['x'] })).get('EPUB/package.opf') ?? '';
    for (const property of [
      'accessMode',
      'accessModeSufficient',
      'accessibilityFeature',
      'accessibilityHazard',
      'accessibilitySummary',
    ])
      expect(opf).toContain(`property="schema:${property}"`);
    expect(opf).not.toContain('alternativeText');
  });

  it.each([
    ['en', 'This book contains text'.toLowerCase()],
    ['de-AT', 'enthält Text'],
    ['fr', 'contient du texte'],
    ['ja', 'this book contains text'],
  ])(
    'says in words of %s that it contains placeholder text, in its metadata and on its title page',
    async (language, words) => {
      const pages = await pagesOf({ chapters: ['x'], metadata: { language } }, true);
      for (const name of ['EPUB/package.opf', 'EPUB/title.xhtml']) expect(pages.get(name)).toContain(words);
      const without = await pagesOf({ chapters: ['x'], metadata: { language } });
      for (const name of ['EPUB/package.opf', 'EPUB/title.xhtml'])
        expect(without.get(name)).not.toContain(words);
    },
  );

  it('lists chapters alone when its headings are too many', async () => {
    const chapters = ['one', 'two'].map((title) => ({
      title,
      content: Array.from({ length: 2_600 }, (_, index) => `## H ${index}`).join('\n\n'),
    }));
    const nav = (await pagesOf({ chapters })).get('EPUB/nav.xhtml') ?? '';
    expect(nav.match(/<a /g)).toHaveLength(4);
  });
});

describe('whatever the text', () => {
  const soup = fc
    .array(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 12 }),
        fc.constantFrom(
          ...'# |## |> |- |1. |- [ ] |* * *|\n|\n\n|  \n|```|`|*|**|_|~~|![a](a.png)|![](x.png)|[x](javascript:alert(1))|[y](#a)|[z][1]|\n[1]: a.md "t"\n|[^1]|\n[^1]: n\n|<b>|</b>|<p>|<table>|<tr>|<td rowspan=9 colspan=9>|</table>|<script>|</script>|<style>|<svg onload=x>|<a href="data:x" onclick=1>|<img src=a.png>|<img alt="&quot;>">|<dl><dt>|<dd>|<details>|<sup data-note="fn-1">|<h1 id="title">|<!--|-->|<![CDATA[|]]>|<?x|&amp;|&#0;|&bogus;|&|<|>|"|\\|\n---\n|\n===\n|\n|-|-|\n'.split(
            '|',
          ),
          '| a | b |\n|---|---|\n| c | d |\n',
          '\n: definition\n',
          '\u202e',
          '\ud800',
          '\u0000',
          '\ufffe',
          '\u0645\u0631\u062d\u0628\u0627',
        ),
      ),
      { minLength: 1, maxLength: 30 },
    )
    .map((parts) => `t ${parts.join('')}`);

  it('every page is XML, with ids that are unique, links that lead somewhere, and nothing that runs', async () => {
    await fc.assert(
      fc.asyncProperty(soup, async (text) => {
        expect(await faultsOf(text)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});
