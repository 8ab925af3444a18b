const MAX_LENGTH = 64;

/** A heading's words as GitHub makes them an anchor: letters and digits of any script, `-` for spaces. */
export function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

/** Words as an ASCII id, for file names; empty when nothing is left. */
export function asciiSlug(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, MAX_LENGTH)
    .replace(/-+$/, '');
}

/** Hands out each slug once: `setup`, `setup-1`, `setup-2`. */
export class Slugs {
  private readonly used = new Map<string, number>();

  next(text: string): string {
    const base =
      slugOf(text)
        .slice(0, MAX_LENGTH)
        .replace(/[\ud800-\udbff]$/, '') || 'section';
    let slug = base;
    let count = this.used.get(base) ?? 0;
    while (this.used.has(slug)) slug = `${base}-${++count}`;
    this.used.set(base, count);
    this.used.set(slug, this.used.get(slug) ?? 0);
    return slug;
  }
}
