/** Files of a registry at one commit, or of a working folder. Paths are registry paths with `/`. */
export interface RegistryFiles {
  /** The bytes of a file; undefined when there is none. */
  read(path: string): Uint8Array | undefined;
  /** Paths of all files whose path starts with `prefix`, sorted by code unit. */
  list(prefix: string): string[];
}

/** A registry held in memory: path -> content. Text is taken as UTF-8. */
export function filesFromMap(map: ReadonlyMap<string, Uint8Array | string>): RegistryFiles {
  const encoder = new TextEncoder();
  const paths = [...map.keys()].sort();
  return {
    read(path) {
      const content = map.get(path);
      return typeof content === 'string' ? encoder.encode(content) : content;
    },
    list(prefix) {
      const first = firstNotBefore(paths, prefix);
      let end = first;
      while (paths[end]?.startsWith(prefix) === true) end += 1;
      return paths.slice(first, end);
    },
  };
}

/** Index of the first of the sorted paths that is not before `prefix`: those that start with it follow one another. */
function firstNotBefore(paths: readonly string[], prefix: string): number {
  let low = 0;
  let high = paths.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((paths[middle] ?? '') < prefix) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The registry path that `reference` in a template's file means, or null when it is not allowed: it must stay inside
 * the template's folder, or name a shared file under `prompts/`, `schemas/` or `schema/` of the registry.
 */
export function resolveReference(
  files: RegistryFiles,
  folder: string,
  reference: string,
): { path: string; exists: boolean } | null {
  if (!isPlainPath(reference)) return null;
  const own = `${folder}/${reference}`;
  if (files.read(own) !== undefined) return { path: own, exists: true };
  const shared = SHARED_FOLDERS.some((prefix) => reference.startsWith(prefix));
  if (shared && files.read(reference) !== undefined) return { path: reference, exists: true };
  return { path: own, exists: false };
}

const SHARED_FOLDERS = ['prompts/', 'schemas/', 'schema/'];

/** Relative, with `/` only, and no segment that could lead elsewhere or mean something to a shell or a file system. */
function isPlainPath(path: string): boolean {
  if (path.length === 0 || path.length > 200) return false;
  return path.split('/').every((segment) => SEGMENT.test(segment) && !segment.startsWith('.'));
}

const SEGMENT = /^[\p{L}\p{N}._ +@-]+$/u;
