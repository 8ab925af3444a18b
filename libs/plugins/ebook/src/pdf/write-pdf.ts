import type { ActionContext } from '@stagewright/engine/plugin';
import type { Book, BookPicture } from '../book/book.ts';
import { labelsFor } from '../book/labels.ts';
import type { Warnings } from '../document/model.ts';
import { drawingForPrint } from './drawing-for-print.ts';
import { loadFonts } from './load-fonts.ts';
import { Printable } from './printable.ts';
import { typstData } from './typst-data.ts';
import { imagePath, typeset } from './typesetter.ts';
import type { TypesetRequest } from './typesetter.worker.ts';

/** Pixels; bookshops ask for at least 1,600 on the long side. */
const COVER_WIDTH = 1_600;

/** The cover as PNG and the book as tagged PDF (PDF/UA-1). */
export async function writePdf(
  book: Book,
  context: ActionContext,
  warnings: Warnings,
): Promise<{ pdf: Uint8Array; coverPng: Uint8Array }> {
  const fonts = await loadFonts(charactersOf(book), (name) => context.asset(name));
  const printable = new Printable(fonts.covers);
  const program = new TextDecoder().decode(await context.asset('book.typ'));
  const files = book.images.map((image, index) => ({
    path: imagePath(index, image.mediaType),
    content: isDrawing(image) ? drawingForPrint(image.content, fonts.drawing, printable) : image.content,
  }));
  const request = (part: 'book' | 'cover', output: TypesetRequest['output']): TypesetRequest => ({
    program,
    data: JSON.stringify(typstData(book, { part, fonts, printable })),
    fonts: fonts.files,
    files: part === 'cover' ? [] : files,
    timestamp: Math.floor(Date.parse(book.modified) / 1000),
    output,
  });
  const wasm = await context.asset('resvg.wasm');
  const coverPng = await typeset(request('cover', { type: 'png', width: COVER_WIDTH, wasm }), context.signal);
  const pdf = await typeset(request('book', { type: 'pdf' }), context.signal);
  printable.warn(warnings);
  return { pdf, coverPng };
}

function isDrawing(image: BookPicture): boolean {
  return image.mediaType === 'image/svg+xml';
}

function charactersOf(book: Book): Set<number> {
  const found = new Set<number>();
  const words = [labelsFor(book.language), { ...book, images: [] }, '\u2610\u2611\u2026\u2022\u2013'];
  const drawn = book.images.filter(isDrawing).map(({ content }) => new TextDecoder().decode(content));
  for (const char of cleanJson([words, drawn])) found.add(char.codePointAt(0) ?? 0);
  found.delete(0x0a);
  return found;
}

function cleanJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('\\n', ' ').replaceAll('\\t', ' ');
}
