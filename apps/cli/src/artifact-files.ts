import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ArtifactId, ArtifactRef, Json, RunView } from '@stagewright/engine';
import { StagewrightError } from '@stagewright/engine/errors';
import type { RunHost } from './hosts/run-host.ts';

/** A file of a run on this machine. */
export interface SavedFile {
  path: string;
  artifact: ArtifactId;
}

/** Writes files of a run into a folder, the newest of each name. */
export async function saveArtifacts(
  host: RunHost,
  files: ArtifactRef[],
  folder: string,
): Promise<SavedFile[]> {
  await mkdir(folder, { recursive: true });
  const saved: SavedFile[] = [];
  for (const file of newest(files)) {
    const path = join(folder, safeName(file.name));
    await writeFile(path, await host.download(file.artifact));
    saved.push({ path, artifact: file.artifact });
  }
  return saved;
}

/** The files that the template names as its outputs; every file when it names none. */
export function resultFiles(view: RunView): ArtifactRef[] {
  const named = new Set(artifactIds(view.outputs));
  const results = view.artifacts.filter(({ artifact }) => named.has(artifact));
  return results.length > 0 ? results : view.artifacts;
}

function artifactIds(value: Json): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(artifactIds);
  const own = typeof value['artifact'] === 'string' ? [value['artifact']] : [];
  return [...own, ...Object.values(value).flatMap(artifactIds)];
}

function newest(files: ArtifactRef[]): ArtifactRef[] {
  return [...new Map(files.map((file) => [file.name, file])).values()];
}

/** A name comes from a server: it is a label, and never leads out of the folder. */
function safeName(name: string): string {
  if (name === '' || name !== basename(name) || name.includes('\\') || name.startsWith('.')) {
    throw new StagewrightError(
      'NAME_INVALID',
      `The server named a file ${JSON.stringify(name)}, which is not a bare file name.`,
    );
  }
  return name;
}
