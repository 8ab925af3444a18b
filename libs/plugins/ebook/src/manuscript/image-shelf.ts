import type { ImageType, Warnings } from '../document/model.ts';
import type { ManuscriptFile } from './archive.ts';
import { cleanSvg } from './clean-svg.ts';
import { imageType, inspectImage } from './image-type.ts';
import { basename, resolvePath } from './paths.ts';

export interface ShelvedImage {
  id: string;
  name: string;
  mediaType: ImageType;
  content: Uint8Array;
  width: number;
  height: number;
}

const EXTENSIONS: Record<ImageType, string> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/svg+xml': 'svg',
};

/** The images that chapters really use, each once, numbered by first use. */
export class ImageShelf {
  readonly images: ShelvedImage[] = [];
  private readonly files: ReadonlyMap<string, ManuscriptFile>;
  private readonly folded: ReadonlyMap<string, string>;
  private readonly warnings: Warnings;
  private readonly byPath = new Map<string, ShelvedImage | null>();

  constructor(files: ManuscriptFile[], warnings: Warnings) {
    this.files = new Map(files.map((file) => [file.path, file]));
    this.folded = new Map(files.map((file) => [file.path.toLowerCase(), file.path]));
    this.warnings = warnings;
  }

  /** The image that a reference in a file names; null, with a warning at its line, when there is none to use. */
  take(reference: string, from: { file: string; line?: number }): ShelvedImage | null {
    const src = reference.trim();
    const warn = (code: string, message: string) => this.warnings.add({ code, message, ...from });
    if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(src)) {
      const shown = src.length > 80 ? `${src.slice(0, 77)}...` : src;
      warn(
        'IMAGE_REMOTE',
        `The image "${shown}" is not part of the manuscript and is not fetched; its text stays.`,
      );
      return null;
    }
    const path = this.find(src, from.file);
    if (path === null) {
      warn('IMAGE_MISSING', `The image "${src}" is not in the manuscript.`);
      return null;
    }
    const known = this.byPath.get(path);
    if (known !== undefined) return known;
    const shelved = this.shelve(path, (code, message) => warn(code, message));
    this.byPath.set(path, shelved);
    return shelved;
  }

  /** As written, as a literal name when decoding misleads (`50%25.png`), and last without regard to case. */
  private find(src: string, from: string): string | null {
    const decoded = src === '' ? null : resolvePath(from, src);
    const literal =
      src === ''
        ? null
        : resolvePath(from, src.replaceAll('%', '%25').replaceAll('#', '%23').replaceAll('?', '%3F'));
    for (const path of [decoded, literal]) if (path !== null && this.files.has(path)) return path;
    return (decoded === null ? undefined : this.folded.get(decoded.toLowerCase())) ?? null;
  }

  private shelve(path: string, warn: (code: string, message: string) => void): ShelvedImage | null {
    const content = this.files.get(path)?.content ?? new Uint8Array();
    const id = `image-${this.images.length + 1}`;
    const stem = basename(path)
      .replace(/\.[^.]*$/, '')
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .slice(0, 60);
    if (imageType(content) === 'image/svg+xml') {
      const cleaned = cleanSvg(new TextDecoder().decode(content));
      if ('refused' in cleaned) {
        warn('IMAGE_REFUSED', `The drawing "${path}" is left out: ${cleaned.refused}.`);
        return null;
      }
      if (cleaned.removed.length > 0)
        warn('SVG_CLEANED', `From the drawing "${path}" was left out: ${cleaned.removed.join(', ')}.`);
      const svg = new TextEncoder().encode(cleaned.svg);
      return this.keep({
        id,
        name: `${stem}.svg`,
        mediaType: 'image/svg+xml',
        content: svg,
        width: cleaned.width,
        height: cleaned.height,
      });
    }
    const facts = inspectImage(content);
    if ('refused' in facts) {
      warn('IMAGE_REFUSED', `The image "${path}" is left out: ${facts.refused}.`);
      return null;
    }
    return this.keep({ id, name: `${stem}.${EXTENSIONS[facts.mediaType]}`, content, ...facts });
  }

  private keep(image: ShelvedImage): ShelvedImage {
    this.images.push(image);
    return image;
  }
}
