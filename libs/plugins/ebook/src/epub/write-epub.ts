import { zipSync } from 'fflate';
import type { Zippable, ZipOptions } from 'fflate';
import type { Book, BookPicture } from '../book/book.ts';
import { labelsFor } from '../book/labels.ts';
import { packageDocument } from './package-document.ts';
import type { ManifestItem } from './package-document.ts';
import { coverPage, navPage, ncx, page, titlePage } from './pages.ts';
import { ChapterXhtml } from './xhtml.ts';
import { el, serialize } from './xml.ts';

const EXTENSIONS = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/svg+xml': 'svg',
};
/** Already compressed: packing them again only costs time. */
const STORED = /\.(?:png|jpg|webp|gif)$/;

export interface EpubParts {
  css: Uint8Array;
  /** The cover that is used when the book's author gave none, as PNG. */
  coverPng: Uint8Array;
}

/** The book as EPUB 3.3: the same bytes for the same book. */
export function writeEpub(book: Book, parts: EpubParts): Uint8Array {
  const files = new Map<string, Uint8Array>();
  const items: ManifestItem[] = [];
  const add = (item: ManifestItem, content: Uint8Array) => {
    items.push(item);
    files.set(`EPUB/${item.href}`, content);
  };
  const images = new Map(
    book.images.map((image, index) => [`asset:${image.id}`, { image, href: imagePath(image, index) }]),
  );
  const xhtml = { mediaType: 'application/xhtml+xml' };
  const numbers = new Map(book.chapters.map((chapter, index) => [chapter.id, index + 1]));
  const fileOf = (id: string) => `text-${String(numbers.get(id) ?? 1).padStart(3, '0')}.xhtml`;
  const labels = labelsFor(book.language);

  const own = book.cover === undefined ? undefined : images.get(`asset:${book.cover}`);
  const coverHref = own?.href ?? 'images/cover.png';
  add(
    { id: 'cover', href: 'cover.xhtml', ...xhtml, spine: true },
    serialize(coverPage(book, coverHref), true),
  );
  add({ id: 'title-page', href: 'title.xhtml', ...xhtml, spine: true }, serialize(titlePage(book), true));
  add(
    { id: 'nav', href: 'nav.xhtml', ...xhtml, properties: 'nav', spine: true },
    serialize(
      navPage(book, labels, ({ id }) => fileOf(id)),
      true,
    ),
  );
  for (const [index, chapter] of book.chapters.entries()) {
    const context = {
      direction: book.direction,
      fileOf,
      imageOf: (asset: string) => images.get(asset)?.href ?? '',
      labels,
    };
    const body = new ChapterXhtml(chapter, context).section();
    add(
      { id: `text-${index + 1}`, href: fileOf(chapter.id), ...xhtml, spine: true },
      serialize(page(book, chapter.title, [body], 'bodymatter'), true),
    );
  }
  add(
    { id: 'ncx', href: 'toc.ncx', mediaType: 'application/x-dtbncx+xml' },
    serialize(ncx(book, ({ id }) => fileOf(id))),
  );
  add({ id: 'style', href: 'style.css', mediaType: 'text/css' }, parts.css);
  if (own === undefined) add(coverItem(coverHref, 'image/png'), parts.coverPng);
  for (const [index, { image, href }] of [...images.values()].entries()) {
    const { mediaType } = image;
    const cover = image.id === book.cover;
    add(cover ? coverItem(href, mediaType) : { id: `image-${index + 1}`, href, mediaType }, image.content);
  }
  files.set('EPUB/package.opf', serialize(packageDocument(book, items)));
  files.set('META-INF/container.xml', serialize(container()));
  return pack(files);
}

function coverItem(href: string, mediaType: string): ManifestItem {
  return { id: 'cover-image', href, mediaType, properties: 'cover-image' };
}

function imagePath(image: BookPicture, index: number): string {
  return `images/image-${String(index + 1).padStart(3, '0')}.${EXTENSIONS[image.mediaType]}`;
}

function container() {
  const rootfile = el('rootfile', {
    'full-path': 'EPUB/package.opf',
    'media-type': 'application/oebps-package+xml',
  });
  return el(
    'container',
    { version: '1.0', xmlns: 'urn:oasis:names:tc:opendocument:xmlns:container' },
    el('rootfiles', {}, rootfile),
  );
}

/**
 * `mimetype` first and stored, the others by code unit. The date is one that fflate writes as the same bytes in every time
 * zone: it reads the fields in local time, so it is made in local time.
 */
function pack(files: Map<string, Uint8Array>): Uint8Array {
  const fixed: ZipOptions = { mtime: new Date(1980, 0, 1), os: 3, attrs: 0o644 << 16 };
  const zippable: Zippable = {
    mimetype: [new TextEncoder().encode('application/epub+zip'), { ...fixed, level: 0 }],
  };
  for (const path of [...files.keys()].sort()) {
    zippable[path] = [files.get(path) ?? new Uint8Array(), { ...fixed, level: STORED.test(path) ? 0 : 9 }];
  }
  return zipSync(zippable);
}
