import { createHash } from 'node:crypto';

/** Names a set of files, in whatever order they come: the same paths and bytes, the same digest (sha256, hex). */
export function digestOfFiles(files: Iterable<readonly [path: string, bytes: Uint8Array]>): string {
  const hash = createHash('sha256');
  for (const [path, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${path}\0${bytes.byteLength}\0`).update(bytes);
  return hash.digest('hex');
}
