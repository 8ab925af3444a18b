import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkRegistry, diffRegistries } from '@stagewright/engine/template';
import type { CheckedRegistry, RegistryDiff, RegistryFiles } from '@stagewright/engine/template';
import { unknownTemplate, UsageError } from '../cli.errors.ts';
import { commitOf, mergeBaseOf, openRepository } from '../git/repository.ts';
import type { Repository } from '../git/repository.ts';
import { filesAt } from '../git/revision-files.ts';
import { PLUGIN_CATALOG } from '../plugins.ts';
import { openRegistryFolder } from './folder-files.ts';
import type { RegistryFolder } from './folder-files.ts';

/** A registry at a commit, or as it lies in the folder. */
export interface Side {
  /** As the user said it: `main`, or `the working folder`. */
  name: string;
  /** Null: the working folder. */
  commit: string | null;
  files: RegistryFiles;
  checked: CheckedRegistry;
}

export interface Comparison {
  base: Side;
  head: Side;
  diff: RegistryDiff;
}

export interface ComparisonRequest {
  cwd: string;
  base: string;
  /** Without it, the files as they lie in the folder. A word that is no commit and names a folder, with no `path`, is the path. */
  head?: string;
  /** Folder of a registry or of a template in it; then only that template is compared. Default: where one stands. */
  path?: string;
  /** Compare with the commit where BASE and HEAD parted, as a pull request does. */
  mergeBase?: boolean;
}

/** Compares a registry at two revisions. Throws `CLI_NO_REGISTRY`, `CLI_NO_REPOSITORY`, `CLI_NO_REVISION`, `TEMPLATE_NOT_FOUND`. */
export async function compareRevisions(given: ComparisonRequest): Promise<Comparison> {
  const request = await withPath(given);
  const folder = openRegistryFolder(request.path);
  const repository = await openRepository(folder.root);
  const headCommit = request.head === undefined ? null : await commitOf(repository, request.head);
  const baseCommit = await baseOf(repository, request, headCommit);
  const base = side(request.base, baseCommit, await filesAt(repository, baseCommit));
  const head =
    request.head === undefined || headCommit === null
      ? side('the working folder', null, folder.files)
      : side(request.head, headCommit, await filesAt(repository, headCommit));
  return { base, head, diff: narrowed(diffRegistries(base.checked, head.checked), folder, [base, head]) };
}

/** As Git does with its own words: what is no revision may be a path. */
async function withPath(request: ComparisonRequest): Promise<ComparisonRequest & { path: string }> {
  const { cwd, head, path } = request;
  if (path === undefined && head !== undefined && existsSync(resolve(cwd, head))) {
    const place = resolve(cwd, head);
    const isCommit = await openRepository(statSync(place).isDirectory() ? place : dirname(place))
      .then((repository) => commitOf(repository, head))
      .then(
        () => true,
        (error: unknown) => {
          if (error instanceof UsageError) return false;
          throw error;
        },
      );
    if (!isCommit) return { ...request, head: undefined, path: place };
  }
  return { ...request, path: resolve(cwd, path ?? '.') };
}

async function baseOf(
  repository: Repository,
  request: ComparisonRequest,
  head: string | null,
): Promise<string> {
  const named = await commitOf(repository, request.base);
  if (request.mergeBase !== true) return named;
  return mergeBaseOf(repository, [named, head ?? (await commitOf(repository, 'HEAD'))]);
}

function side(name: string, commit: string | null, files: RegistryFiles): Side {
  return { name, commit, files, checked: checkRegistry(files, PLUGIN_CATALOG) };
}

/** Only the template that the path points at, when it points at one. */
function narrowed(diff: RegistryDiff, { template }: RegistryFolder, sides: Side[]): RegistryDiff {
  if (template === null) return diff;
  const known = sides.flatMap(({ checked }) => checked.templates.map(({ name }) => name));
  if (!known.includes(template)) throw unknownTemplate(template, [...new Set(known)]);
  const templates = diff.templates.filter(({ name }) => name === template);
  const shared = diff.shared.filter((file) => file.templates.includes(template));
  return { templates, shared, ok: templates.every(isFine) };
}

/** It compiles, and its version was raised by enough. */
export function isFine({ state, diff }: RegistryDiff['templates'][number]): boolean {
  return state !== 'broken' && (diff === null || diff.version.enough);
}
