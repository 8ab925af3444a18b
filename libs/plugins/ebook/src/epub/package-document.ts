import type { Book } from '../book/book.ts';
import { labelsFor } from '../book/labels.ts';
import { el } from './xml.ts';
import type { XmlElement } from './xml.ts';

export interface ManifestItem {
  id: string;
  href: string;
  mediaType: string;
  properties?: string;
  /** In the reading order. */
  spine?: boolean;
}

/** The OPF: metadata with accessibility facts, manifest, spine. */
export function packageDocument(book: Book, items: ManifestItem[]): XmlElement {
  const attributes = {
    xmlns: 'http://www.idpf.org/2007/opf',
    version: '3.0',
    'unique-identifier': 'book-id',
    'xml:lang': book.language,
    dir: book.direction,
    prefix: 'schema: http://schema.org/',
  };
  const manifest = items.map(({ id, href, mediaType, properties }) =>
    el('item', { id, href, 'media-type': mediaType, properties }),
  );
  const spine = items.filter((item) => item.spine).map(({ id }) => el('itemref', { idref: id }));
  const direction = book.direction === 'rtl' ? { 'page-progression-direction': 'rtl' } : {};
  return el(
    'package',
    attributes,
    metadata(book),
    el('manifest', {}, manifest),
    el('spine', { toc: 'ncx', ...direction }, spine),
  );
}

function metadata(book: Book): XmlElement {
  const namespaces = { 'xmlns:dc': 'http://purl.org/dc/elements/1.1/' };
  return el(
    'metadata',
    namespaces,
    el('dc:identifier', { id: 'book-id' }, book.identifier),
    el('dc:title', { id: 'title' }, book.title),
    book.subtitle === undefined ? null : [el('dc:title', { id: 'subtitle' }, book.subtitle)],
    el('meta', { refines: '#title', property: 'title-type' }, 'main'),
    book.subtitle === undefined
      ? null
      : el('meta', { refines: '#subtitle', property: 'title-type' }, 'subtitle'),
    el('dc:language', {}, book.language),
    book.authors.map((author, index) => [
      el('dc:creator', { id: `author-${index + 1}` }, author),
      el('meta', { refines: `#author-${index + 1}`, property: 'role', scheme: 'marc:relators' }, 'aut'),
    ]),
    descriptionOf(book),
    book.publisher === undefined ? null : el('dc:publisher', {}, book.publisher),
    book.rights === undefined ? null : el('dc:rights', {}, book.rights),
    book.date === undefined ? null : el('dc:date', {}, book.date),
    book.subjects.map((subject) => el('dc:subject', {}, subject)),
    el('meta', { property: 'dcterms:modified' }, book.modified),
    accessibility(book),
    el('meta', { name: 'cover', content: 'cover-image' }),
    el('meta', {
      name: 'generator',
      content: book.placeholder ? 'Stagewright (with offline placeholder text)' : 'Stagewright',
    }),
  );
}

function descriptionOf(book: Book): XmlElement | null {
  const words = [book.placeholder ? labelsFor(book.language).placeholder : '', book.description ?? '']
    .filter((text) => text !== '')
    .join(' ');
  return words === '' ? null : el('dc:description', {}, words);
}

/** What the EPUB accessibility rules ask for, said of what is really in this book. */
function accessibility(book: Book): XmlElement[] {
  const property = (name: string, value: string) => el('meta', { property: `schema:${name}` }, value);
  const pictures = book.images.some((image) => image.id !== book.cover);
  const features = [
    'tableOfContents',
    'readingOrder',
    'structuralNavigation',
    'displayTransformability',
    ...(pictures ? ['alternativeText'] : []),
  ];
  return [
    property('accessMode', 'textual'),
    ...(pictures ? [property('accessMode', 'visual')] : []),
    property('accessModeSufficient', 'textual'),
    ...features.map((feature) => property('accessibilityFeature', feature)),
    property('accessibilityHazard', 'none'),
    property('accessibilitySummary', summaryOf(pictures)),
  ];
}

function summaryOf(pictures: boolean): string {
  const base =
    'Reflowable text with a table of contents, headings in order and footnotes that link both ways.';
  return pictures
    ? `${base} Images carry the alternative text that their author gave.`
    : `${base} There are no images besides the cover.`;
}
