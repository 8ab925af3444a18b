import { readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { FILE_LINES, PARTS } from './import-table.ts';
import { ROOT } from '../support/root.ts';
import { packageOf, sourceFiles } from './source-files.ts';
import type { Part } from './import-table.ts';
import type { SourceFile } from './source-files.ts';

const ALL = ['libs', 'apps'].flatMap((folder) => sourceFiles(folder));
const filesOf = (part: Part) => ALL.filter((file) => file.path.startsWith(`${part.folder}/`));
/** Whatever opens connections. The libraries of databases, queues and Git have settings of their own. */
const HTTP_CLIENTS =
  /^(?:undici|(?:node:)?(?:http|https|http2|net|tls|dgram|dns)(?:\/.*)?|axios|got|node-fetch|ky|superagent|request|needle)$/;
/** A local socket that only holds a lock. */
const SOCKETS_OF_ITS_OWN = ['apps/server/src/database/data-directory-lock.ts'];
const isBuiltin = (specifier: string) => specifier.startsWith('node:') || builtinModules.includes(specifier);

describe.each(PARTS)('$name', (part) => {
  const files = filesOf(part);

  it('has sources', () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it('imports only what the table allows', () => {
    expect(files.flatMap((file) => forbiddenImports(part, file))).toEqual([]);
  });

  it('keeps to its own folder', () => {
    const home =
      part.name === 'plugins'
        ? (file: SourceFile) => file.path.split('/').slice(0, 3).join('/')
        : () => part.folder;
    const strays = files.flatMap((file) =>
      file.imports
        .filter(({ target }) => target !== null && !target.startsWith(`${home(file)}/`))
        .map(({ specifier }) => `${file.path} imports ${specifier}`),
    );
    expect(strays).toEqual([]);
  });

  it.each(part.forbidden)('never says $pattern: $reason', ({ pattern }) => {
    const allowed = (file: SourceFile) =>
      part.name === 'server' && file.path.startsWith('apps/server/src/config/');
    expect(
      files
        .filter((file) => !allowed(file) && pattern.test(withoutComments(file.text)))
        .map(({ path }) => path),
    ).toEqual([]);
  });
});

function forbiddenImports(part: Part, file: SourceFile): string[] {
  return file.imports
    .filter(({ target }) => target === null)
    .filter(({ specifier }) => !mayImport(part, specifier))
    .map(({ specifier }) => `${file.path} imports ${specifier}`);
}

function mayImport(part: Part, specifier: string): boolean {
  if (isBuiltin(specifier)) return part.builtins === null || part.builtins.includes(specifier);
  const owner = packageOf(specifier);
  if (owner.startsWith('@stagewright/'))
    return (
      part.ours.includes(specifier) || (part.name === 'server' && owner.startsWith('@stagewright/plugin-'))
    );
  return part.packages === null || part.packages.includes(owner);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

describe('server', () => {
  const server = ALL.filter((file) => file.path.startsWith('apps/server/src/'));

  it('lets plugins in at one place, composition/', () => {
    const strays = server
      .filter((file) => !file.path.startsWith('apps/server/src/composition/'))
      .filter((file) =>
        file.imports.some(({ specifier }) => packageOf(specifier).startsWith('@stagewright/plugin-')),
      )
      .map(({ path }) => path);
    expect(strays).toEqual([]);
  });

  it('reads the environment at one place, config/', () => {
    const strays = server
      .filter(
        (file) =>
          !file.path.startsWith('apps/server/src/config/') &&
          /\bprocess\.env\b/.test(withoutComments(file.text)),
      )
      .map(({ path }) => path);
    expect(strays).toEqual([]);
  });

  it('reaches the network at one place, egress/', () => {
    const strays = server
      .filter((file) => !file.path.startsWith('apps/server/src/egress/'))
      .flatMap((file) =>
        file.imports
          .filter(({ specifier, typeOnly }) => !typeOnly && HTTP_CLIENTS.test(specifier))
          .filter(({ specifier }) => !(SOCKETS_OF_ITS_OWN.includes(file.path) && specifier === 'node:net'))
          .map(({ specifier }) => `${file.path} imports ${specifier}`),
      );
    expect(strays).toEqual([]);
    const callers = server
      .filter((file) =>
        /(?:await |return |void |[=(,?:] ?)fetch\(|globalThis\.fetch\(/.test(withoutComments(file.text)),
      )
      .map(({ path }) => path);
    expect(callers).toEqual([]);
  });

  it('starts processes at one place, commands/, beside the reader of Git objects', () => {
    const strays = server
      .filter((file) => !file.path.startsWith('apps/server/src/commands/'))
      .filter((file) => file.path !== 'apps/server/src/registry/git/git-objects.ts')
      .filter((file) => file.imports.some(({ specifier }) => /^(?:node:)?child_process$/.test(specifier)))
      .map(({ path }) => path);
    expect(strays).toEqual([]);
  });

  it('never needs forwardRef', () => {
    expect(server.filter((file) => /\bforwardRef\b/.test(file.text)).map(({ path }) => path)).toEqual([]);
  });
});

describe('command line', () => {
  const sources = new Map(ALL.map((file) => [file.path, file]));

  /** Everything that is loaded before a command is called. */
  function loadedAtStart(path: string, found = new Set<string>()): Set<string> {
    for (const { specifier, target, typeOnly, onCall } of sources.get(path)?.imports ?? []) {
      if (typeOnly || onCall || found.has(target ?? specifier)) continue;
      found.add(target ?? specifier);
      if (target !== null) loadedAtStart(target, found);
    }
    return found;
  }

  it('loads neither the server nor the engine nor a plugin before a command needs it', () => {
    const loaded = [...loadedAtStart('apps/cli/src/cli.ts')];
    expect(loaded).toContain('apps/cli/src/commands/serve.ts');
    expect(loaded.filter((name) => name.startsWith('@stagewright/')).sort()).toEqual([
      '@stagewright/client',
      '@stagewright/engine/errors',
    ]);
  });
});

describe('the whole house', () => {
  it('has no circular import', () => {
    expect(cycles(ALL)).toEqual([]);
  });

  it('registers every plugin folder, and no other', () => {
    const folders = readdirSync(join(ROOT, 'libs/plugins')).sort();
    const composition = ALL.filter((file) => file.path.startsWith('apps/server/src/composition/'));
    const registered = composition
      .flatMap((file) => file.imports.map(({ specifier }) => packageOf(specifier)))
      .filter((name) => name.startsWith('@stagewright/plugin-'))
      .map((name) => name.replace('@stagewright/plugin-', ''));
    expect([...new Set(registered)].sort()).toEqual(folders);
  });

  it('declares in package.json what it imports', () => {
    const missing = PARTS.filter((part) => part.name !== 'plugins').flatMap((part) => {
      const manifest = JSON.parse(readFileSync(join(ROOT, part.folder, '../package.json'), 'utf8')) as {
        name: string;
        dependencies?: Record<string, string>;
      };
      const declared = new Set([manifest.name, ...Object.keys(manifest.dependencies ?? {})]);
      return filesOf(part).flatMap((file) =>
        file.imports
          .filter(
            ({ target, specifier }) =>
              target === null && !isBuiltin(specifier) && !declared.has(packageOf(specifier)),
          )
          .map(({ specifier }) => `${file.path} imports ${specifier}`),
      );
    });
    expect(missing).toEqual([]);
  });

  it('keeps its files short', () => {
    const lengths = ALL.map(({ path, text }) => ({ path, lines: text.split('\n').length })).sort(
      (a, b) => a.lines - b.lines,
    );
    expect(lengths.filter(({ lines }) => lines > FILE_LINES.most)).toEqual([]);
    expect(lengths[Math.floor(lengths.length * 0.9)]?.lines ?? 0).toBeLessThanOrEqual(
      FILE_LINES.ninetiethPercentile,
    );
  });
});

/** Each strongly connected set of modules as its sorted paths. Type-only imports tie no modules together. */
function cycles(files: SourceFile[]): string[][] {
  const edges = new Map(
    files.map((file) => [
      file.path,
      file.imports.filter((one) => !one.typeOnly && one.target !== null).map((one) => one.target ?? ''),
    ]),
  );
  const found: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const visit = (path: string): void => {
    index.set(path, index.size);
    low.set(path, index.get(path) ?? 0);
    stack.push(path);
    for (const next of edges.get(path) ?? []) {
      if (!edges.has(next)) continue;
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(path, Math.min(low.get(path) ?? 0, low.get(next) ?? 0));
    }
    if (low.get(path) !== index.get(path)) return;
    const component = stack.splice(stack.indexOf(path));
    if (component.length > 1) found.push(component.sort());
  };
  for (const path of edges.keys()) if (!index.has(path)) visit(path);
  return found;
}
