export function dirname(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * The path in the manuscript that a reference in the file `from` means: percent-decoded once, without query and fragment. Null
 * when it leaves the manuscript.
 */
export function resolvePath(from: string, reference: string): string | null {
  const bare = reference.replace(/[?#].*$/s, '').replaceAll('\\', '/');
  const decoded = decode(bare).normalize('NFC');
  const base = decoded.startsWith('/') ? '' : dirname(from);
  const parts: string[] = [];
  for (const part of `${base}/${decoded}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A file name as words: `03-getting_started.md` is `Getting started`. */
export function titleFromName(path: string): string {
  const stem = basename(path).replace(/\.[^.]*$/, '');
  const words = stem
    .replace(/^\d+[\s._-]+(?=\D)/, '')
    .replace(/[-_]+/g, ' ')
    .trim();
  const title = words === '' ? stem : words;
  return title.charAt(0).toUpperCase() + title.slice(1);
}
