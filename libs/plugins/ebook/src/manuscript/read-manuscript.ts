import { outlineHeadings } from '../document/headings.ts';
import type { Block, Chapter, Note, Warnings } from '../document/model.ts';
import { inlinesOf } from '../document/text-of.ts';
import { ebookErrors } from '../ebook.errors.ts';
import { readMarkdown } from '../markdown/read-markdown.ts';
import type { ManuscriptFile } from './archive.ts';
import { decodeText } from './decode-text.ts';
import { readFrontMatter } from './front-matter.ts';
import type { BookFacts } from './front-matter.ts';
import { ImageShelf } from './image-shelf.ts';
import type { ShelvedImage } from './image-shelf.ts';
import { LinkMap } from './link-map.ts';
import { isLanding, isMarkdown, isSummary, readingOrder } from './order.ts';
import { basename, titleFromName } from './paths.ts';
import { splitFile } from './split-chapters.ts';

export interface Manuscript {
  facts: BookFacts & { title: string };
  chapters: Chapter[];
  images: ShelvedImage[];
  /** Set when the front matter names a cover that the manuscript holds. */
  cover: ShelvedImage | null;
}

interface ReadFile {
  path: string;
  facts: BookFacts;
  blocks: Block[];
  notes: Note[];
}

const METADATA = /^(?:[^/]+\/)?(?:metadata|book)\.ya?ml$/i;

/** Reads the files of a manuscript into chapters. `name` is the upload's name, the title of last resort. */
export function readManuscript(files: ManuscriptFile[], name: string, warnings: Warnings): Manuscript {
  const texts = new Map(
    files
      .filter((file) => isMarkdown(file.path))
      .map((file) => [file.path, decodeText(file.path, file.content)]),
  );
  if (texts.size === 0) throw ebookErrors.empty('it holds no Markdown file');
  const { order, unlisted } = readingOrder(texts);
  for (const file of unlisted) {
    warnings.add({
      code: 'CHAPTER_UNLISTED',
      message: 'The summary does not list this file; it comes at the end.',
      file,
    });
  }
  const shelf = new ImageShelf(files, warnings);
  const links = new LinkMap(warnings);
  const read = order.map((path) => readFile(path, texts.get(path) ?? '', { shelf, links, warnings }));
  const metadata = files.find((file) => METADATA.test(file.path));
  const stated = metadata === undefined ? {} : metadataOf(metadata, warnings);
  const { chapters, title } = toChapters(read, links, warnings);
  if (chapters.length === 0) throw ebookErrors.empty('no file has text in it');
  links.resolve(chapters);
  const facts = bookFacts(read, { stated, summary: summaryFacts(texts, warnings), title, name });
  const from = read.find((file) => file.facts.cover === facts.cover)?.path ?? metadata?.path ?? '';
  const cover = facts.cover === undefined ? null : shelf.take(facts.cover, { file: from, line: 1 });
  return { facts, chapters, images: shelf.images, cover };
}

function readFile(
  path: string,
  text: string,
  context: { shelf: ImageShelf; links: LinkMap; warnings: Warnings },
): ReadFile {
  const { shelf, links, warnings } = context;
  const { frontMatter, blocks, notes } = readMarkdown(text, {
    file: path,
    warnings,
    link: (href, line) => links.pending(href, { file: path, line }),
    image: (src, line) => {
      const image = shelf.take(src, { file: path, line });
      return image === null ? null : { asset: `asset:${image.id}` };
    },
  });
  for (const inline of [blocks, ...notes.map((note) => note.content)].flatMap((content) => [
    ...inlinesOf(content),
  ])) {
    if (inline.type !== 'image' || inline.alt !== '') continue;
    const image = shelf.images.find(({ id }) => inline.asset === `asset:${id}`);
    warnings.add({
      code: 'IMAGE_NO_ALT',
      message: `The image "${image?.name ?? inline.asset}" has no alternative text.`,
      file: path,
    });
  }
  const facts =
    frontMatter === null ? {} : readFrontMatter(frontMatter, { file: path, firstLine: 2, warnings });
  return { path, facts, blocks, notes };
}

function metadataOf(file: ManuscriptFile, warnings: Warnings): BookFacts {
  return readFrontMatter(decodeText(file.path, file.content), { file: file.path, firstLine: 1, warnings });
}

function summaryFacts(texts: ReadonlyMap<string, string>, warnings: Warnings): BookFacts {
  const path = [...texts.keys()].find(isSummary);
  const yaml = /^---\r?\n([\s\S]*?)\r?\n---/.exec(path === undefined ? '' : (texts.get(path) ?? ''))?.[1];
  return path === undefined || yaml === undefined
    ? {}
    : readFrontMatter(yaml, { file: path, firstLine: 2, warnings });
}

function toChapters(
  read: ReadFile[],
  links: LinkMap,
  warnings: Warnings,
): { chapters: Chapter[]; title: string | null } {
  const chapters: Chapter[] = [];
  let title: string | null = null;
  for (const file of read) {
    const split = splitFile(file.blocks, {
      only: read.length === 1,
      title: read.length === 1 ? undefined : file.facts.title,
    });
    title ??= split.bookTitle;
    let first: string | null = null;
    for (const part of split.parts) {
      if (part.content.length === 0 && part.title === null) continue;
      const id = `chapter-${chapters.length + 1}`;
      first ??= id;
      const content = outlineHeadings(part.content);
      links.chapter(file.path, { id, slug: part.slug, content });
      const used = new Set(
        [...inlinesOf(part.content)].flatMap((inline) => (inline.type === 'note' ? [inline.id] : [])),
      );
      const notes = file.notes.filter((note) => used.has(note.id));
      chapters.push({
        id,
        title: part.title ?? untitled(file, read.length),
        content,
        notes,
        source: file.path,
      });
    }
    if (first === null)
      warnings.add({
        code: 'FILE_EMPTY',
        message: 'The file has no text, so it is no chapter.',
        file: file.path,
      });
  }
  return { chapters, title };
}

function untitled(file: ReadFile, files: number): string {
  if (files === 1) return file.facts.title ?? 'Introduction';
  return file.facts.title ?? titleFromName(file.path);
}

/** Facts of the book: a metadata file, the summary, then the first file that speaks of more than its own title. */
function bookFacts(
  read: ReadFile[],
  known: { stated: BookFacts; summary: BookFacts; title: string | null; name: string },
): BookFacts & { title: string } {
  const speaks = read.find(({ facts }) =>
    Object.keys(facts).some((key) => key !== 'title' && key !== 'date'),
  );
  const landing = read.find((file) => isLanding(file.path) && /readme|index/i.test(basename(file.path)));
  const own = read.length === 1 ? read[0]?.facts : (speaks?.facts ?? landing?.facts);
  const facts = { ...own, ...known.summary, ...known.stated };
  const heading =
    landing === undefined ? undefined : splitFile(landing.blocks, { only: false }).parts[0]?.title;
  return {
    ...facts,
    title:
      facts.title ??
      known.title ??
      heading ??
      singleTitle(read) ??
      titleFromName(commonFolder(read) ?? known.name),
  };
}

/** The one folder that all files of an archive lie in: it is named with more care than the archive. */
function commonFolder(read: ReadFile[]): string | null {
  const tops = new Set(read.map(({ path }) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '')));
  const [top = ''] = tops;
  return tops.size === 1 && top !== '' ? top : null;
}

function singleTitle(read: ReadFile[]): string | null {
  if (read.length !== 1 || read[0] === undefined) return null;
  const { parts } = splitFile(read[0].blocks, { only: true });
  return parts.length === 1 ? (parts[0]?.title ?? null) : null;
}
