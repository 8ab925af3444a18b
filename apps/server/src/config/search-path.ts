import { delimiter, isAbsolute } from 'node:path';

/** Where child processes look for programs: the one thing of the environment that they are given. */
export function searchPath(): string {
  return process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';
}

/** The same without folders that depend on where a process stands: a planted program would be found there. */
export function absoluteSearchPath(): string {
  return searchPath().split(delimiter).filter(isAbsolute).join(delimiter);
}
