import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { ROOT } from '../support/root.ts';

export interface SourceFile {
  /** Path from the project's root, with `/`. */
  path: string;
  text: string;
  imports: Import[];
}

export interface Import {
  /** As written. */
  specifier: string;
  /** Path from the project's root of a relative import; null for a package. */
  target: string | null;
  /** Erased at compile time: it ties names, not modules. */
  typeOnly: boolean;
  /** Loaded when the code around it runs, not with the file. */
  onCall: boolean;
}

const IMPORT = /^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
const SKIPPED = new Set(['node_modules', 'dist', 'testdata', 'fixtures', 'golden', 'generated']);

/** Every TypeScript source below a folder, specs left out. */
export function sourceFiles(folder: string): SourceFile[] {
  return walk(join(ROOT, folder))
    .filter((path) => path.endsWith('.ts') && !/\.(spec|d)\.ts$/.test(path))
    .map(readSource);
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}

function readSource(path: string): SourceFile {
  const text = readFileSync(path, 'utf8');
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '');
  const found = [...code.matchAll(IMPORT)].map((match) => ({
    specifier: match[2] ?? '',
    typeOnly: match[1] !== undefined,
    onCall: false,
  }));
  const dynamic = [...code.matchAll(DYNAMIC)].map((match) => ({
    specifier: match[1] ?? '',
    typeOnly: false,
    onCall: true,
  }));
  return {
    path: posix(relative(ROOT, path)),
    text,
    imports: [...found, ...dynamic].map((one) => ({
      ...one,
      target: one.specifier.startsWith('.')
        ? posix(relative(ROOT, resolve(dirname(path), one.specifier)))
        : null,
    })),
  };
}

function posix(path: string): string {
  return path.split(sep).join('/');
}

/** Package of an import specifier: `@scope/name`, `name` or `node:fs`. */
export function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}
