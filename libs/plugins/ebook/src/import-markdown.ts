import type { Action, ActionContext, Json, JsonObject } from '@stagewright/engine/plugin';
import { importInput, importOutput } from './contract.ts';
import { Warnings } from './document/model.ts';
import type { BookImage, Warning } from './document/model.ts';
import { DEFAULT_LANGUAGE } from './book/language.ts';
import { ebookErrors } from './ebook.errors.ts';
import { importExamples } from './examples.ts';
import { isZip, readArchive } from './manuscript/archive.ts';
import type { ManuscriptFile } from './manuscript/archive.ts';
import { isMarkdown } from './manuscript/order.ts';
import { readManuscript } from './manuscript/read-manuscript.ts';

/** `ebook/import-markdown`: a Markdown file, or the zip of a folder of them, into chapters of the document model. */
export const importMarkdown: Action = {
  id: 'ebook/import-markdown',
  description: 'Reads a manuscript in Markdown (one file, or a zipped folder with images) into chapters.',
  input: importInput,
  output: importOutput,
  scopes: [],
  idempotency: 'natural',
  run: importManuscript,
  examples: importExamples,
};

async function importManuscript(input: JsonObject, context: ActionContext): Promise<Json> {
  const warnings = new Warnings();
  const id = input['manuscript'];
  if (typeof id !== 'string') throw ebookErrors.inputInvalid('manuscript', 'the id of an upload is expected');
  const { ref, content } = await context.artifacts.read(id);
  const manuscript = readManuscript(filesOf(ref.name, content), ref.name, warnings);
  const images: BookImage[] = [];
  for (const image of manuscript.images) {
    // Two images may bear one name; an artifact's name is taken once, so the id makes it its own.
    const stored = await context.artifacts.write({
      name: `${image.id}-${image.name}`,
      type: 'file',
      mediaType: image.mediaType,
      content: image.content,
    });
    const { id, name, mediaType, width, height } = image;
    images.push({ id, name, mediaType, artifact: stored.artifact, width, height });
  }
  const { facts, chapters, cover } = manuscript;
  context.log('info', `Read ${chapters.length} chapters and ${images.length} images.`, {
    warnings: warnings.list.length,
  });
  return plain({
    ...facts,
    language: facts.language ?? DEFAULT_LANGUAGE,
    authors: facts.authors ?? [],
    cover: cover === null ? undefined : `asset:${cover.id}`,
    chapters,
    images,
    warnings: warnings.list,
  });
}

function filesOf(name: string, content: Uint8Array): ManuscriptFile[] {
  if (isZip(content)) return readArchive(content);
  if (isMarkdown(name) || /\.te?xt$/i.test(name) || !name.includes('.'))
    return [{ path: isMarkdown(name) ? name : `${name}.md`, content }];
  throw ebookErrors.unsupported(name);
}

/** As JSON holds it: without the fields that are undefined. */
function plain(value: Record<string, unknown> & { warnings: Warning[] }): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
