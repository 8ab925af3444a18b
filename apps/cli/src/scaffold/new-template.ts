import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { folderNotEmpty, nameInvalid, noRegistry, templateExists, unknownType } from '../cli.errors.ts';
import { PLUGIN_CATALOG } from '../plugins.ts';
import { isRegistry, registryAbove } from '../registry/folder-files.ts';
import { registryFiles } from './registry-files.ts';
import { templateFiles } from './template-files.ts';
import type { TemplateWish } from './template-files.ts';

export interface NewTemplate {
  /** Folder of the registry. */
  root: string;
  /** Whether the registry was made along with it. */
  isNewRegistry: boolean;
  /** What was written, by place in the registry. */
  files: string[];
}

const NAME = /^[a-z][a-z0-9_-]{0,63}$/;

/**
 * Writes a new template. `registry` is the folder of one, or empty: then a registry is made there, too. Without it, the registry that
 * one stands in, else the folder `registry`. Throws `CLI_NAME_INVALID`, `CLI_TYPE_UNKNOWN`, `CLI_TEMPLATE_EXISTS`, `CLI_NO_REGISTRY`.
 */
export function newTemplate(
  wish: TemplateWish,
  { cwd, registry }: { cwd: string; registry?: string },
): NewTemplate {
  if (!NAME.test(wish.name)) throw nameInvalid(wish.name);
  const types = PLUGIN_CATALOG.workflowTypes();
  if (!types.includes(wish.type)) throw unknownType(wish.type, types);
  const root = registryFor(cwd, registry);
  const folder = join(root, 'templates', wish.name);
  if (existsSync(folder)) throw templateExists(folder);
  const isNewRegistry = !isRegistry(root);
  const files = new Map([...(isNewRegistry ? registryFiles(basename(root)) : []), ...templateFiles(wish)]);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    // Whatever came there meanwhile is not written over.
    writeFileSync(join(root, path), text, { flag: 'wx' });
  }
  return { root, isNewRegistry, files: [...files.keys()] };
}

function registryFor(cwd: string, registry: string | undefined): string {
  const asked = resolve(cwd, registry ?? '.');
  if (isRegistry(asked)) return asked;
  if (registry !== undefined && isEmpty(asked)) return asked;
  const around = registryAbove(asked);
  if (around !== null) return around;
  if (registry === undefined && isRegistry(join(cwd, 'registry'))) return join(cwd, 'registry');
  if (isEmpty(asked)) return asked;
  throw existsSync(asked) ? folderNotEmpty(asked) : noRegistry(asked);
}

/** Empty, or to be made. What Git keeps for itself does not fill a folder. */
function isEmpty(folder: string): boolean {
  if (!existsSync(folder)) return existsSync(dirname(folder));
  return statSync(folder).isDirectory() && readdirSync(folder).every((name) => name === '.git');
}
