import type { Book } from '../book/book.ts';
import { contentsDepth } from '../book/contents-depth.ts';
import { labelsFor } from '../book/labels.ts';
import { directionOfLanguage } from '../book/language.ts';
import { headingText } from '../document/headings.ts';
import type { Chapter } from '../document/model.ts';
import { anchorOf } from './xhtml.ts';
import { el } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** An XHTML page of the book around its body. */
export function page(book: Book, title: string, body: XmlElement[], bodyType?: string): XmlElement {
  const root = {
    xmlns: 'http://www.w3.org/1999/xhtml',
    'xmlns:epub': 'http://www.idpf.org/2007/ops',
    lang: book.language,
    'xml:lang': book.language,
    dir: book.direction,
  };
  const head = el(
    'head',
    {},
    el('title', {}, title),
    el('link', { rel: 'stylesheet', type: 'text/css', href: 'style.css' }),
  );
  return el('html', root, head, el('body', { 'epub:type': bodyType }, body));
}

export function coverPage(book: Book, image: string): XmlElement {
  const words = book.authors.length === 0 ? book.title : `${book.title} \u2013 ${book.authors.join(', ')}`;
  return page(
    book,
    book.title,
    [el('div', { class: 'cover' }, el('img', { src: image, alt: words, role: 'doc-cover' }))],
    'cover',
  );
}

export function titlePage(book: Book): XmlElement {
  const line = (name: string, text: string | undefined) =>
    text === undefined || text === '' ? null : el('p', { class: name }, text);
  const section = el(
    'section',
    { 'epub:type': 'titlepage', class: 'titlepage', 'aria-labelledby': 'title' },
    el('h1', { id: 'title' }, book.title),
    line('subtitle', book.subtitle),
    line('authors', book.authors.join(', ')),
    book.placeholder ? placeholderNotice(book) : null,
    (book.description ?? '').split(/\n\s*\n/).map((part) => line('description', part.trim())),
    line('publisher', book.publisher),
    line('rights', book.rights),
  );
  return page(book, book.title, [section], 'frontmatter');
}

function placeholderNotice(book: Book): XmlElement {
  const { language, placeholder } = labelsFor(book.language);
  const dir = directionOfLanguage(language);
  return el('p', { class: 'notice', lang: language, 'xml:lang': language, dir }, placeholder);
}

interface Entry {
  text: string;
  href: string;
  children: Entry[];
}

/** Chapters, as a rule with the first level of their headings: two levels are what readers show well. */
function entries(book: Book, fileOf: (chapter: Chapter) => string): Entry[] {
  const { navigation } = contentsDepth(book);
  return book.chapters.map((chapter) => {
    const href = fileOf(chapter);
    const children = chapter.content.flatMap((block) => {
      if (block.type !== 'heading' || block.level >= navigation) return [];
      const text = headingText(block.content);
      return text === '' ? [] : [{ text, href: `${href}#${anchorOf(block.id)}`, children: [] }];
    });
    return { text: chapter.title, href, children };
  });
}

export function navPage(
  book: Book,
  labels: { contents: string; landmarks: string },
  fileOf: (chapter: Chapter) => string,
): XmlElement {
  const list = (items: Entry[]): XmlElement =>
    el(
      'ol',
      {},
      items.map(({ text, href, children }) =>
        el('li', {}, el('a', { href }, text), children.length === 0 ? null : list(children)),
      ),
    );
  const toc = el(
    'nav',
    { 'epub:type': 'toc', role: 'doc-toc', id: 'toc', 'aria-labelledby': 'contents' },
    el('h1', { id: 'contents' }, labels.contents),
    list(entries(book, fileOf)),
  );
  const [first] = book.chapters;
  const marks: Array<[string, string, string]> = [
    ['toc', '#toc', labels.contents],
    ['bodymatter', first === undefined ? 'title.xhtml' : fileOf(first), first?.title ?? book.title],
  ];
  const landmarks = el(
    'nav',
    { 'epub:type': 'landmarks', hidden: 'hidden', 'aria-label': labels.landmarks },
    el(
      'ol',
      {},
      marks.map(([type, href, text]) => el('li', {}, el('a', { 'epub:type': type, href }, text))),
    ),
  );
  return page(book, labels.contents, [toc, landmarks]);
}

/** The table of contents of EPUB 2, for old readers. */
export function ncx(book: Book, fileOf: (chapter: Chapter) => string): XmlElement {
  let order = 0;
  const point = ({ text, href, children }: Entry): XmlElement => {
    order += 1;
    const attributes = { id: `point-${order}`, playOrder: String(order) };
    return el(
      'navPoint',
      attributes,
      el('navLabel', {}, el('text', {}, text)),
      el('content', { src: href }),
      children.map(point),
    );
  };
  const points = entries(book, fileOf).map(point);
  const meta = (name: string, content: string) => el('meta', { name, content });
  return el(
    'ncx',
    { xmlns: 'http://www.daisy.org/z3986/2005/ncx/', version: '2005-1', 'xml:lang': book.language },
    el(
      'head',
      {},
      meta('dtb:uid', book.identifier),
      meta('dtb:depth', '2'),
      meta('dtb:totalPageCount', '0'),
      meta('dtb:maxPageNumber', '0'),
    ),
    el('docTitle', {}, el('text', {}, book.title)),
    el('navMap', {}, points),
  );
}
