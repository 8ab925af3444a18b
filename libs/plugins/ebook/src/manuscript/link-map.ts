import { hasScheme, safeAddress } from '../document/addresses.ts';
import type { Block, Chapter, Inline, LinkTarget, Warnings } from '../document/model.ts';
import { mapInlines } from '../document/map-inlines.ts';
import { slugOf } from '../markdown/slugs.ts';
import { resolvePath } from './paths.ts';

interface Pending {
  file: string;
  line?: number;
  href: string;
}
interface Place {
  chapter: string;
  anchor?: string;
}

/**
 * Links between the files of a manuscript. Where they lead is known only when every file has been cut into chapters, so they are
 * taken down while reading and resolved afterwards.
 */
export class LinkMap {
  private readonly warnings: Warnings;
  private readonly waiting = new Map<LinkTarget, Pending>();
  private readonly files = new Map<string, Place>();
  private readonly anchors = new Map<string, Place>();

  constructor(warnings: Warnings) {
    this.warnings = warnings;
  }

  pending(href: string, from: { file: string; line?: number }): LinkTarget | null {
    if (hasScheme(href)) {
      const url = safeAddress(href.trim().startsWith('//') ? `https:${href.trim()}` : href);
      if (url === null)
        this.warn({ ...from, href }, 'LINK_REMOVED', 'is not a web or mail address; its text stays');
      return url === null ? null : { url };
    }
    const target: LinkTarget = { url: '' };
    this.waiting.set(target, { ...from, href: href.trim() });
    return target;
  }

  chapter(file: string, chapter: { id: string; slug: string | null; content: Block[] }): void {
    if (!this.files.has(file)) this.files.set(file, { chapter: chapter.id });
    if (chapter.slug !== null) this.anchors.set(`${file}#${chapter.slug}`, { chapter: chapter.id });
    for (const block of chapter.content) {
      if (block.type === 'heading')
        this.anchors.set(`${file}#${block.id}`, { chapter: chapter.id, anchor: block.id });
    }
  }

  /** Puts the places in, in place; a link that leads nowhere becomes its text, with a warning. */
  resolve(chapters: Chapter[]): void {
    for (const chapter of chapters) {
      chapter.content = mapInlines(chapter.content, (inline) => this.settle(inline));
      for (const note of chapter.notes)
        note.content = mapInlines(note.content, (inline) => this.settle(inline));
    }
  }

  private settle(inline: Inline): Inline[] {
    if (inline.type !== 'link') return [inline];
    const pending = this.waiting.get(inline.to);
    if (pending === undefined) return [inline];
    const place = this.find(pending);
    if (place === null) {
      this.warn(pending, 'LINK_BROKEN', 'leads to nothing in the manuscript; its text stays');
      return inline.content;
    }
    return [{ ...inline, to: { ...place } }];
  }

  private find({ file, href }: Pending): Place | null {
    const hash = href.indexOf('#');
    const path = hash === 0 ? file : resolvePath(file, hash === -1 ? href : href.slice(0, hash));
    if (path === null) return null;
    const target = [
      path,
      `${path}.md`,
      `${path}/README.md`,
      `${path}/index.md`,
      path.replace(/\.html?$/, '.md'),
    ]
      .map((candidate) => candidate.replace(/^\//, ''))
      .find((candidate) => this.files.has(candidate));
    if (target === undefined) return null;
    const anchor = hash === -1 ? '' : decodeFragment(href.slice(hash + 1));
    const place = this.anchors.get(`${target}#${anchor}`) ?? this.anchors.get(`${target}#${slugOf(anchor)}`);
    if (place === undefined && hash === 0 && anchor !== '') return null;
    return place ?? this.files.get(target) ?? null;
  }

  private warn({ file, line, href }: Pending, code: string, what: string): void {
    const shown = href.length > 80 ? `${href.slice(0, 77)}...` : href;
    this.warnings.add({
      code,
      message: `The link "${shown}" ${what}.`,
      file,
      ...(line === undefined ? {} : { line }),
    });
  }
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
