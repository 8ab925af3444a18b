import type { ActionContext, Json, JsonObject } from '@stagewright/engine/plugin';
import { Warnings } from './document/model.ts';
import type { BookImage, Warning } from './document/model.ts';
import { DEFAULT_LANGUAGE } from './book/language.ts';
import { ebookErrors } from './ebook.errors.ts';
import { isZip, readArchive } from './manuscript/archive.ts';
import type { ManuscriptFile } from './manuscript/archive.ts';
import { isMarkdown } from './manuscript/order.ts';
import { readManuscript } from './manuscript/read-manuscript.ts';

/** Whatever could not be kept as it was is told by a warning. */
export async function importManuscript(input: JsonObject, context: ActionContext): Promise<Json> {
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
