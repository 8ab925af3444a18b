import type { ActionContext, Json, JsonObject } from '@stagewright/engine/plugin';
import { cleanLine } from '../document/clean-text.ts';
import type { Warnings } from '../document/model.ts';
import { ebookErrors } from '../ebook.errors.ts';
import { cleanSvg } from '../manuscript/clean-svg.ts';
import { inspectImage } from '../manuscript/image-type.ts';
import { undecodable } from '../pdf/typesetter.ts';
import type { BookPicture } from './book.ts';

/** What all images of one book may have together: decoded they take three bytes each. */
const MAX_PIXELS = 600_000_000;

export interface ReadImages {
  pictures: BookPicture[];
  /** Ids of images that are left out; a warning names each of them. */
  refused: ReadonlySet<string>;
}

/**
 * The images that the input lists, judged by their bytes: an image may come from elsewhere than the import. One that cannot be
 * shown is left out with a warning, and the book is built without it.
 */
export async function readImages(
  value: Json | undefined,
  context: ActionContext,
  warnings: Warnings,
): Promise<ReadImages> {
  const known: BookPicture[] = [];
  const refused = new Set<string>();
  const refuse = (image: { id: string; name: string }, reason: string) => {
    refused.add(image.id);
    warnings.add({ code: 'IMAGE_REFUSED', message: `The image "${image.name}" is left out: ${reason}.` });
  };
  let pixels = 0;
  for (const entry of Array.isArray(value) ? value : []) {
    const { id, artifact, name, alt } = facts(entry);
    const stored = await context.artifacts.read(artifact);
    const image = { id, artifact, name: name === '' ? stored.ref.name : name };
    const read = readPicture(stored.content);
    if ('refused' in read) {
      refuse(image, read.refused);
      continue;
    }
    if (read.mediaType !== 'image/svg+xml') pixels += read.width * read.height;
    if (pixels > MAX_PIXELS)
      refuse(image, `the book's images have more than ${MAX_PIXELS / 1e6} million pixels together`);
    else known.push({ ...image, ...(alt === '' ? {} : { alt }), ...read });
  }
  const broken = await undecodable(known, context.signal);
  for (const image of known) if (broken.has(image)) refuse(image, 'it is damaged and cannot be decoded');
  return { pictures: known.filter((image) => !broken.has(image)), refused };
}

function facts(entry: Json): { id: string; artifact: string; name: string; alt: string } {
  const image: JsonObject = typeof entry === 'object' && entry !== null && !Array.isArray(entry) ? entry : {};
  const { id, artifact, name, alt } = image;
  if (typeof id !== 'string' || typeof artifact !== 'string' || !/^[A-Za-z0-9._-]{1,128}$/.test(id)) {
    throw ebookErrors.inputInvalid('images', 'an image has an id and an artifact');
  }
  const words = (text: Json | undefined) => (typeof text === 'string' ? cleanLine(text) : '');
  return { id, artifact, name: words(name), alt: words(alt) };
}

/** A drawing is always rebuilt from the allow-list, whoever wrote it. */
function readPicture(
  content: Uint8Array,
): Pick<BookPicture, 'mediaType' | 'width' | 'height' | 'content'> | { refused: string } {
  const found = inspectImage(content);
  if ('refused' in found) return found;
  if (found.mediaType !== 'image/svg+xml') return { ...found, content };
  const cleaned = cleanSvg(new TextDecoder().decode(content));
  if ('refused' in cleaned) return cleaned;
  return {
    mediaType: 'image/svg+xml',
    width: cleaned.width,
    height: cleaned.height,
    content: new TextEncoder().encode(cleaned.svg),
  };
}
