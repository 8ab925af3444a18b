import { dirname, resolvePath } from './paths.ts';

const MARKDOWN = /\.(?:md|markdown|mdown|mkd)$/i;
const LANDING = /^(?:readme|index|_index|preface|foreword|introduction|intro)\.[a-z]+$/i;
const LINK = /\]\(\s*<?([^)\s>]+\.(?:md|markdown|mdown|mkd))(?:#[^)\s>]*)?>?(?:\s+["'(][^)]*)?\)/gi;

export function isMarkdown(path: string): boolean {
  return MARKDOWN.test(path);
}

export function isSummary(path: string): boolean {
  return /(?:^|\/)(?:_?summary|_?toc)\.[a-z]+$/i.test(path);
}

export function isLanding(path: string): boolean {
  return LANDING.test(path.slice(path.lastIndexOf('/') + 1));
}

/**
 * The order in which files are read: as a `SUMMARY.md` lists them, else as a README or index at the top links them, else by
 * name, where 2 comes before 10 and a folder's README or index before its other files.
 */
export function readingOrder(texts: ReadonlyMap<string, string>): { order: string[]; unlisted: string[] } {
  const paths = [...texts.keys()].sort(compareNaturally);
  const summary = shallowest(paths.filter(isSummary));
  const chapters = paths.filter((path) => path !== summary);
  if (summary !== undefined) {
    const listed = linked(summary, texts.get(summary) ?? '', chapters);
    const landing = shallowest(
      chapters.filter((path) => isReadme(path) && dirname(path) === dirname(summary)),
    );
    const first = landing === undefined || listed.includes(landing) ? [] : [landing];
    if (listed.length > 0) return complete([...first, ...listed], chapters);
  }
  const readme = shallowest(chapters.filter(isReadme));
  if (readme !== undefined) {
    const listed = linked(readme, texts.get(readme) ?? '', chapters).filter((path) => path !== readme);
    if (listed.length >= 2 && listed.length * 2 >= chapters.length - 1)
      return { ...complete([readme, ...listed], chapters), unlisted: [] };
  }
  return { order: chapters, unlisted: [] };
}

function complete(listed: string[], all: string[]): { order: string[]; unlisted: string[] } {
  const unlisted = all.filter((path) => !listed.includes(path));
  return { order: [...listed, ...unlisted], unlisted };
}

function isReadme(path: string): boolean {
  return /(?:^|\/)(?:readme|_?index)\.[a-z]+$/i.test(path);
}

function shallowest(paths: string[]): string | undefined {
  const depth = (path: string) => path.split('/').length;
  return [...paths].sort((a, b) => depth(a) - depth(b) || compareNaturally(a, b))[0];
}

function linked(from: string, text: string, known: string[]): string[] {
  const found = [...text.matchAll(LINK)].flatMap(([, href]) => {
    const path = href === undefined ? null : resolvePath(from, href);
    return path !== null && known.includes(path) ? [path] : [];
  });
  return [...new Set(found)];
}

/** By folder and name; runs of digits compare as numbers, everything else by code unit. */
export function compareNaturally(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [one = '', two = ''] = [left[index], right[index]];
    if (one === two) continue;
    const rank = landingRank(one, index === left.length - 1) - landingRank(two, index === right.length - 1);
    return rank === 0 ? compareNames(one, two) : rank;
  }
  return left.length - right.length;
}

function landingRank(name: string, isFile: boolean): number {
  return isFile && LANDING.test(name) ? 0 : 1;
}

function compareNames(a: string, b: string): number {
  const left = a.toLowerCase().match(/\d+|\D+/g) ?? [];
  const right = b.toLowerCase().match(/\d+|\D+/g) ?? [];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const one = left[index] ?? '';
    const two = right[index] ?? '';
    if (one === two) continue;
    if (/^\d/.test(one) && /^\d/.test(two)) {
      const [x, y] = [one.replace(/^0+/, ''), two.replace(/^0+/, '')];
      if (x.length !== y.length) return x.length - y.length;
      if (x !== y) return x < y ? -1 : 1;
      continue;
    }
    return one < two ? -1 : 1;
  }
  return a < b ? -1 : 1;
}
