import { pathKey, workingPathFault } from '@stagewright/engine';
import type { Action, ActionContext, Json, JsonObject } from '@stagewright/engine/plugin';
import { zipSync } from 'fflate';
import type { Zippable, ZipOptions } from 'fflate';
import { packInput, packOutput } from './contract.ts';
import { packExamples } from './examples.ts';
import { websiteErrors } from './website.errors.ts';

/** `website/pack`: the files of a site into one zip. The same files give the same bytes. */
export const pack: Action = {
  id: 'website/pack',
  description: 'Packs the files of a site into a zip.',
  input: packInput,
  output: packOutput,
  scopes: [],
  idempotency: 'natural',
  run: packSite,
  examples: packExamples,
};

interface SiteFile {
  path: string;
  artifact: string;
}

const PLACEHOLDER =
  'The text of this site was made up without a model, as a placeholder. Do not publish it.\n';
const PLACEHOLDER_PATH = 'PLACEHOLDER.txt';

async function packSite(input: JsonObject, context: ActionContext): Promise<Json> {
  const { files, name } = input as unknown as { files: SiteFile[]; name: string };
  checkPaths(files);
  const contents = new Map<string, Uint8Array>();
  for (const { path, artifact } of files)
    contents.set(path, (await context.artifacts.read(artifact)).content);
  if (context.placeholder) contents.set(PLACEHOLDER_PATH, new TextEncoder().encode(PLACEHOLDER));
  const site = await context.artifacts.write({
    name: `${name}.zip`,
    type: 'site',
    mediaType: 'application/zip',
    content: zipOf(contents),
  });
  const pages = files.filter(({ path }) => /\.html?$/i.test(path)).length;
  return { site: { ...site }, files: files.length, pages, placeholder: context.placeholder };
}

function checkPaths(files: readonly SiteFile[]): void {
  const keys = new Set<string>();
  for (const { path } of files) {
    const fault = workingPathFault(path) ?? (keys.has(pathKey(path)) ? 'is there twice' : null);
    if (fault !== null) throw websiteErrors.pathInvalid(path, fault);
    keys.add(pathKey(path));
  }
  if (!files.some(({ path }) => path === 'index.html')) throw websiteErrors.noIndex();
}

/** One date, one order and one owner for all: nothing of the day or the machine is in the bytes. */
function zipOf(contents: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const fixed: ZipOptions = { mtime: new Date(1980, 0, 1), os: 3, attrs: 0o644 << 16, level: 9 };
  const entries: Zippable = Object.fromEntries(
    [...contents.keys()].sort().map((path) => [path, [contents.get(path) ?? new Uint8Array(), fixed]]),
  );
  return zipSync(entries);
}
