import type { ActionContext } from '@stagewright/engine/plugin';
import type { Book } from '../book/book.ts';
import { labelsFor } from '../book/labels.ts';
import type { Warnings } from '../document/model.ts';
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
    content: forPrint(image.mediaType, image.content),
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

/** Text in drawings is set in our own family: any other name would be looked for on this machine. */
function forPrint(mediaType: string, content: Uint8Array): Uint8Array {
  if (mediaType !== 'image/svg+xml') return content;
  const svg = new TextDecoder().decode(content).replace(/ font-family="[^"]*"/g, '');
  return new TextEncoder().encode(
    svg.replace('<svg ', '<svg font-family="Stagewright Wide, Stagewright Serif 0" '),
  );
}

function charactersOf(book: Book): Set<number> {
  const found = new Set<number>();
  const words = [labelsFor(book.language), { ...book, images: [] }, '\u2610\u2611\u2026\u2022\u2013'];
  for (const char of cleanJson(words)) found.add(char.codePointAt(0) ?? 0);
  found.delete(0x0a);
  return found;
}

function cleanJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('\\n', ' ').replaceAll('\\t', ' ');
}
