import { existsSync, lstatSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { filesFromMap } from '@stagewright/engine/template';
import type { RegistryFiles } from '@stagewright/engine/template';
import { noRegistry, registryTooBig } from '../cli.errors.ts';

/** A registry in a folder, and the one template the user pointed at, if any. */
export interface RegistryFolder {
  root: string;
  files: RegistryFiles;
  /** Set when the path was that of a template inside the registry. */
  template: string | null;
}

const SKIPPED = new Set(['.git', 'node_modules']);
/** Bounds of a registry, wherever it is read from. */
export const MOST_FILES = 50_000;
export const MOST_BYTES = 50 * 1024 * 1024;

/**
 * Reads the registry that holds `path`: the folder itself, or one above it. Links and other special files are not followed, as on the
 * server. Throws `CLI_NO_REGISTRY`.
 */
export function openRegistryFolder(path: string): RegistryFolder {
  const start = resolve(path);
  const root = existsSync(start) ? registryAbove(start) : null;
  if (root === null) throw noRegistry(path);
  return { root, files: readFolder(root), template: templateIn(root, start) };
}

/** The registry that a folder is, or lies in; null when there is none. */
export function registryAbove(start: string): string | null {
  for (let folder = start; ; folder = dirname(folder)) {
    if (isRegistry(folder)) return folder;
    if (folder === dirname(folder)) return null;
  }
}

/** Names of the templates in a registry, sorted. */
export function templateNames({ files }: RegistryFolder): string[] {
  return [...new Set(files.list('templates/').map((path) => path.split('/')[1] ?? ''))].sort();
}

export function isRegistry(folder: string): boolean {
  return (
    existsSync(join(folder, 'stagewright.yaml')) ||
    (existsSync(join(folder, 'templates')) && basename(folder) !== 'templates')
  );
}

function templateIn(root: string, path: string): string | null {
  const [first, name] = relative(root, path).split(sep);
  return first === 'templates' && name !== undefined ? name : null;
}

function readFolder(root: string): RegistryFiles {
  const files = new Map<string, Uint8Array>();
  let bytes = 0;
  const walk = (folder: string): void => {
    for (const name of readdirSync(folder).sort()) {
      if (SKIPPED.has(name)) continue;
      const path = join(folder, name);
      const stat = lstatSync(path);
      if (stat.isDirectory()) walk(path);
      if (!stat.isFile()) continue;
      bytes += stat.size;
      if (files.size >= MOST_FILES || bytes > MOST_BYTES)
        throw registryTooBig(root, `${MOST_FILES} files or 50 MB`);
      files.set(relative(root, path).split(sep).join('/'), readFileSync(path));
    }
  };
  walk(root);
  return filesFromMap(files);
}
