import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ArtifactRef, RunView } from '@stagewright/engine';
import { StagewrightError } from '@stagewright/engine';
import type { RunHost } from './hosts/run-host.ts';

/** Writes the newest file of each name of a run into a folder. Gives the paths. */
export async function saveArtifacts(host: RunHost, view: RunView, out: string, cwd: string): Promise<string[]> {
  const folder = resolve(cwd, out);
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const file of newest(view.artifacts)) {
    const path = join(folder, safeName(file.name));
    await writeFile(path, await host.download(file.artifact));
    paths.push(path);
  }
  return paths;
}

function newest(files: ArtifactRef[]): ArtifactRef[] {
  return [...new Map(files.map((file) => [file.name, file])).values()];
}

/** A name comes from a server: it is a label, and never leads out of the folder. */
function safeName(name: string): string {
  if (name === '' || name !== basename(name) || name.includes('\\') || name.startsWith('.')) {
    throw new StagewrightError('NAME_INVALID', `The server named a file ${JSON.stringify(name)}, which is not a bare file name.`);
  }
  return name;
}
