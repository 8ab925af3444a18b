/** Files of one loop, and bytes of all of them together. */
export const MOST_WORKING_FILES = 200;
export const MOST_WORKING_BYTES = 10 * 1024 * 1024;

const MOST_CHARACTERS = 200;
const MOST_PARTS = 8;
// Control characters, the marks that turn the direction of writing, and what some file system gives a meaning.
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\\:*?"<>|%]/;
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;

/**
 * Why a path cannot be that of a working file, as the end of a sentence; null when it can. Working files are plain
 * relative paths that mean the same on every file system and cannot be taken for an option of a command.
 */
export function workingPathFault(path: string): string | null {
  if (path === '' || path.length > MOST_CHARACTERS) return `must have 1 to ${MOST_CHARACTERS} characters`;
  if (FORBIDDEN.test(path)) return 'must not hold control characters or any of \\ : * ? " < > | %';
  const parts = path.split('/');
  if (parts.length > MOST_PARTS) return `must not be deeper than ${MOST_PARTS} levels`;
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    return 'must be relative and stay in the working folder';
  if (parts.some((part) => part.startsWith('-'))) return 'must not have a part that begins with "-"';
  if (parts.some((part) => /[. ]$/.test(part))) return 'must not have a part that ends with a dot or a space';
  return parts.some((part) => DEVICE.test(part)) ? 'must not be the name of a device' : null;
}

/**
 * Whether a path is hidden, as the configuration of most tools is. Such a file is the template's alone: no data may name
 * it and no repair may change it, or a model could switch off the check that it is to satisfy, or bring code in.
 */
export function isHidden(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.'));
}

/** Two paths with one key are one file on some file system. */
export function pathKey(path: string): string {
  return path.normalize('NFC').toLowerCase();
}
