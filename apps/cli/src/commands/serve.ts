import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { noRegistry, registryNotServable } from '../cli.errors.ts';
import { DEFAULT_SERVER } from '../hosts/server-connection.ts';
import { interrupted, print } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { wholeNumber } from './option-values.ts';

interface ServeOptions {
  port?: number;
  host?: string;
  dataDir?: string;
  registry?: string;
  watch?: boolean;
  /** False for `--no-work`. */
  work: boolean;
}

/** `stagewright serve`: the server in this process, until it is interrupted. */
export function registerServe(program: Command, terminal: Terminal): void {
  program
    .command('serve')
    .description('run the server until it is stopped')
    .option('--port <number>', 'port to listen on, 0 for a free one (PORT)', wholeNumber(0, 65_535))
    .option('--host <address>', 'address to listen on (HOST)')
    .option('--data-dir <dir>', 'data directory (DATA_DIR)')
    .option('--registry <repository>', 'Git repository of templates: a URL, or a folder (REGISTRY_URL)')
    .option(
      '--watch',
      'serve the files of the registry folder as they are, and follow edits (REGISTRY_WATCH)',
    )
    .option('--no-work', 'only answer requests, and leave all work to workers')
    .action(async (options: ServeOptions) => {
      // Only now: the other commands do without most of what a server is made of.
      const { createServer } = await import('@stagewright/server');
      const source = { cwd: terminal.cwd, overrides: overridesOf(options, terminal.cwd) };
      const server = await createServer(source, { works: options.work });
      print(terminal, nextSteps(server.url));
      await interrupted(terminal.signal);
      await server.close();
    });
}

function overridesOf(options: ServeOptions, cwd: string): Record<string, string | undefined> {
  return {
    PORT: options.port?.toString(),
    HOST: options.host,
    DATA_DIR: options.dataDir,
    ...registryOverrides(options, cwd),
  };
}

function registryOverrides(
  { registry, watch }: ServeOptions,
  cwd: string,
): Record<string, string | undefined> {
  if (watch === true) return { REGISTRY_URL: watchedFolder(registry ?? '.', cwd), REGISTRY_WATCH: 'true' };
  return { REGISTRY_URL: registry === undefined ? undefined : registryUrl(registry, cwd) };
}

/** Throws `CLI_NO_REGISTRY`. */
function watchedFolder(folder: string, cwd: string): string {
  const path = resolve(cwd, folder);
  if (!existsSync(join(path, 'stagewright.yaml'))) throw noRegistry(folder);
  return path;
}

/** An address as it is; a folder as its absolute path. Throws `CLI_REGISTRY_NOT_SERVABLE` for a folder that is no repository. */
export function registryUrl(registry: string, cwd: string): string {
  if (registry.includes('://')) return registry;
  const path = resolve(cwd, registry);
  const isRepository =
    existsSync(join(path, '.git')) || (existsSync(join(path, 'HEAD')) && existsSync(join(path, 'objects')));
  if (!isRepository) throw registryNotServable(path);
  return path;
}

function nextSteps(url: string): string {
  return [
    `Stagewright serves at ${url}`,
    '',
    'In another terminal:',
    `  npx stagewright run ebook --server ${url} -i topic="Keeping bees in a small garden"`,
    `  npx stagewright runs${url === DEFAULT_SERVER ? '' : ` --server ${url}`}`,
    `  API documentation: ${url}/docs`,
    '',
    'Stop with Ctrl+C.',
  ].join('\n');
}
