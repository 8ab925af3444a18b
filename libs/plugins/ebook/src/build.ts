import type { ActionContext, Json, JsonObject } from '@stagewright/engine/plugin';
import { contentsDepth } from './book/contents-depth.ts';
import { readBook } from './book/read-book.ts';
import { Warnings } from './document/model.ts';
import { writeEpub } from './epub/write-epub.ts';
import { asciiSlug } from './markdown/slugs.ts';
import { writePdf } from './pdf/write-pdf.ts';

/** The same input gives the same bytes. */
export async function buildBook(input: JsonObject, context: ActionContext): Promise<Json> {
  const warnings = new Warnings();
  const book = await readBook(input, context, warnings);
  contentsDepth(book, warnings);
  const { pdf, coverPng } = await writePdf(book, context, warnings);
  const epub = writeEpub(book, { css: await context.asset('book.css'), coverPng });
  const name = asciiSlug(book.title) || 'book';
  const refs = {
    epub: await context.artifacts.write({
      name: `${name}.epub`,
      type: 'epub',
      mediaType: 'application/epub+zip',
      content: epub,
    }),
    pdf: await context.artifacts.write({
      name: `${name}.pdf`,
      type: 'pdf',
      mediaType: 'application/pdf',
      content: pdf,
    }),
  };
  const output = {
    ...refs,
    title: book.title,
    identifier: book.identifier,
    chapters: book.chapters.length,
    placeholder: book.placeholder,
    warnings: warnings.list,
  };
  return JSON.parse(JSON.stringify(output)) as Json;
}
