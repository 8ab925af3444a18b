import { loopErrors } from './cli-loop.errors.ts';
import { evaluateValue } from '../../expression/index.ts';
import {
  isHidden,
  MOST_WORKING_BYTES,
  MOST_WORKING_FILES,
  pathKey,
  workingPathFault,
} from '../../template/working-path.ts';
import type { ArtifactStore } from '../../ports/artifact-store.ts';
import type { WorkingFile } from '../../ports/command-runner.ts';
import type { Scope, Value } from '../../template/plan.ts';
import type { Json, JsonObject } from '../../vocabulary.ts';

/** A file as a template or a stage gives it. */
interface GivenFile {
  file: Json;
  /** Its path is written in the template: no data had a say in it. */
  fixed: boolean;
}

/** Where artifacts are read from. */
export interface ArtifactShelf {
  artifacts: ArtifactStore;
  workspace: string;
}

/**
 * The working files that `files` of a stage stands for. Throws `CLI_FILE_INVALID`, `ARTIFACT_NOT_FOUND`,
 * `EXPRESSION_FAILED`.
 */
export async function workingFiles(value: Value, scope: Scope, shelf: ArtifactShelf): Promise<WorkingFile[]> {
  const given = givenFiles(value, scope);
  if (given.length > MOST_WORKING_FILES) throw loopErrors.filesInvalid(`are more than ${MOST_WORKING_FILES}`);
  const files: WorkingFile[] = [];
  for (const one of given) files.push(await fileOf(one, shelf));
  checkTogether(files);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Throws `CLI_FILE_INVALID` when two files would be one on some file system, or all of them are too large. */
export function checkTogether(files: readonly WorkingFile[]): void {
  const keys = new Set<string>();
  for (const { path } of files) {
    if (keys.has(pathKey(path))) throw loopErrors.fileInvalid(path, 'is there twice');
    keys.add(pathKey(path));
  }
  for (const { path } of files) {
    const parts = pathKey(path).split('/');
    const folder = parts.map((_, end) => parts.slice(0, end).join('/')).find((above) => keys.has(above));
    if (folder !== undefined) throw loopErrors.fileInvalid(path, 'lies below another file');
  }
  const bytes = files.reduce((sum, { content }) => sum + content.byteLength, 0);
  if (bytes > MOST_WORKING_BYTES)
    throw loopErrors.filesInvalid(`are larger than ${MOST_WORKING_BYTES} bytes`);
}

function givenFiles(value: Value, scope: Scope): GivenFile[] {
  switch (value.kind) {
    case 'list':
      return value.items.flatMap((item) => filesOfItem(item, scope));
    case 'literal':
      return asList(value.value).map((file) => ({ file, fixed: true }));
    default:
      return asList(evaluateValue(value, scope)).map((file) => ({ file, fixed: false }));
  }
}

/** An item is a file, or an expression that gives a file or a list of them. */
function filesOfItem(item: Value, scope: Scope): GivenFile[] {
  const given = evaluateValue(item, scope);
  if (item.kind === 'literal') return [{ file: given, fixed: true }];
  if (item.kind === 'map') return [{ file: given, fixed: item.entries['path']?.kind === 'literal' }];
  return (Array.isArray(given) ? given : [given]).map((file) => ({ file, fixed: false }));
}

function asList(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  throw loopErrors.filesInvalid('are not a list');
}

async function fileOf({ file, fixed }: GivenFile, shelf: ArtifactShelf): Promise<WorkingFile> {
  if (!isObject(file)) throw loopErrors.filesInvalid('hold something that is not a file');
  const { path: named, name, content, artifact } = file;
  const path = named ?? name;
  if (typeof path !== 'string') throw loopErrors.filesInvalid('hold a file without a path');
  const fault = workingPathFault(path);
  if (fault !== null) throw loopErrors.fileInvalid(path, fault);
  if (isHidden(path) && !fixed)
    throw loopErrors.fileInvalid(path, 'is hidden, and only the template itself may name it');
  if (typeof content === 'string') return { path, content: new TextEncoder().encode(content) };
  const id = isObject(artifact) ? artifact['artifact'] : artifact;
  if (typeof id !== 'string')
    throw loopErrors.fileInvalid(path, 'has neither a text as content nor an artifact');
  return { path, content: (await shelf.artifacts.get(shelf.workspace, id)).content };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
