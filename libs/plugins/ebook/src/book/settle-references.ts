import { cleanLine } from '../document/clean-text.ts';
import { mapInlines } from '../document/map-inlines.ts';
import type { Chapter, Inline, Warnings } from '../document/model.ts';
import { inlinesOf } from '../document/text-of.ts';
import type { BookPicture } from './book.ts';

interface KnownImages {
  pictures: BookPicture[];
  /** Ids that a warning has already spoken of. */
  refused: ReadonlySet<string>;
  warnings: Warnings;
}

/** Takes out references that nothing answers: images, notes, chapters and headings that are not in this book. */
export function settleReferences(chapters: Chapter[], images: KnownImages): Chapter[] {
  const byId = new Map<string, BookPicture>(images.pictures.map((image) => [`asset:${image.id}`, image]));
  const anchors = new Map(
    chapters.map(({ id, content }) => [
      id,
      new Set(content.flatMap((block) => (block.type === 'heading' ? [block.id] : []))),
    ]),
  );
  return chapters.map((chapter) => {
    const notes = new Set(chapter.notes.map(({ id }) => id));
    const change = (inline: Inline): Inline[] => {
      if (inline.type === 'note') return notes.has(inline.id) ? [inline] : [];
      if (inline.type === 'image') {
        const image = byId.get(inline.asset);
        if (image !== undefined) return [{ ...inline, alt: cleanLine(inline.alt) || (image.alt ?? '') }];
        if (!images.refused.has(inline.asset.slice('asset:'.length))) {
          images.warnings.add({
            code: 'IMAGE_MISSING',
            message: `"${inline.asset}" is not one of the book's images; its text stays.`,
            file: chapter.title,
          });
        }
        return inline.alt === '' ? [] : [{ type: 'text', value: inline.alt }];
      }
      if (inline.type !== 'link' || 'url' in inline.to) return [inline];
      const { chapter: target, anchor } = inline.to;
      const known = anchors.get(target);
      if (known === undefined) return inline.content;
      return [anchor === undefined || known.has(anchor) ? inline : { ...inline, to: { chapter: target } }];
    };
    const withoutNotes = (inline: Inline): Inline[] => (inline.type === 'note' ? [] : change(inline));
    return {
      ...chapter,
      content: mapInlines(chapter.content, change),
      notes: chapter.notes.map((note) => ({ ...note, content: mapInlines(note.content, withoutNotes) })),
    };
  });
}

/** The images that the chapters or the cover show, each once. */
export function usedImages(chapters: Chapter[], images: BookPicture[], cover: string): BookPicture[] {
  const used = new Set([`asset:${cover}`]);
  for (const chapter of chapters) {
    for (const content of [chapter.content, ...chapter.notes.map((note) => note.content)]) {
      for (const inline of inlinesOf(content)) if (inline.type === 'image') used.add(inline.asset);
    }
  }
  const seen = new Set<string>();
  return images.filter(({ id }) => used.has(`asset:${id}`) && !seen.has(id) && seen.add(id));
}
