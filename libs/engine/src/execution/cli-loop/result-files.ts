import { textOf } from './file-patch.ts';
import { isHidden } from '../../template/working-path.ts';
import type { ArtifactShelf } from './working-files.ts';
import type { TaskAssignment } from '../assignment.ts';
import type { EnginePorts } from '../ports.ts';
import type { WorkingFile } from '../../ports/command-runner.ts';
import type { ArtifactRef, Json } from '../../vocabulary.ts';

/** A working file of a loop that passed, as its output names it. */
export interface ResultFile extends ArtifactRef {
  path: string;
}

/** Media types by ending; anything else is text when it reads as such. */
const MEDIA_TYPES: Record<string, string> = {
  css: 'text/css',
  csv: 'text/csv',
  gif: 'image/gif',
  htm: 'text/html',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  md: 'text/markdown',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  webp: 'image/webp',
  xml: 'application/xml',
  zip: 'application/zip',
};

/** Keeps every file but hidden ones as an artifact of the task. */
export async function keepFiles(
  ports: Pick<EnginePorts, 'artifacts'>,
  { workspace, run, stage, task, attempt }: TaskAssignment,
  files: readonly WorkingFile[],
): Promise<ResultFile[]> {
  const origin = {
    workspace,
    run: { id: run.id, stage: stage.id, task: task.id, attempt },
    metadata: { template: run.lock.revision.template, placeholder: run.lock.placeholder },
  };
  const kept: ResultFile[] = [];
  for (const { path, content } of files) {
    if (isHidden(path)) continue;
    // An artifact has a bare name; its path is beside it.
    const file = {
      name: path.replaceAll('/', '-'),
      type: 'file',
      mediaType: mediaTypeOf(path, content),
      content,
    };
    kept.push({ path, ...(await ports.artifacts.put(file, origin)) });
  }
  return kept;
}

/** The files that an earlier output of the stage names, and the hidden ones that the template adds now. */
export async function filesOfOutput(
  output: Json,
  now: readonly WorkingFile[],
  shelf: ArtifactShelf,
): Promise<WorkingFile[]> {
  const { files } = output as unknown as { files: ResultFile[] };
  const earlier: WorkingFile[] = [];
  for (const { path, artifact } of files)
    earlier.push({ path, content: (await shelf.artifacts.get(shelf.workspace, artifact)).content });
  return [...earlier, ...now.filter(({ path }) => isHidden(path))];
}

function mediaTypeOf(path: string, content: Uint8Array): string {
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  const known = Object.hasOwn(MEDIA_TYPES, ending) ? MEDIA_TYPES[ending] : undefined;
  return known ?? (textOf(content) === null ? 'application/octet-stream' : 'text/plain');
}
