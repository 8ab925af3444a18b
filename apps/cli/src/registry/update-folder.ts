import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { updateCase } from '@stagewright/engine/testing';
import type { ReplayResult } from '@stagewright/engine/testing';
import { openRegistryFolder } from './folder-files.ts';
import type { RegistryFolder } from './folder-files.ts';
import { replayTemplates, withIsolation } from './replay-folder.ts';
import type { ReplayReport } from './replay-folder.ts';

/** A case whose file was rewritten. */
export interface UpdatedFile {
  path: string;
  /** Values that it states and that are others now. */
  changed: string[];
}

/**
 * Rewrites, in the cases that fail, the values that they state and that are others now, and replays again what came of it.
 * A case that cannot be brought to pass in this way is left as it fails.
 */
export async function updateFolder(path: string): Promise<{ report: ReplayReport; updated: UpdatedFile[] }> {
  return await withIsolation(async (isolation) => {
    const folder = openRegistryFolder(path);
    const report = await replayTemplates(folder, path, isolation);
    const updated = report.cases.flatMap((result) => updateFile(folder, result));
    if (updated.length === 0) return { report, updated };
    return { report: await replayTemplates(openRegistryFolder(path), path, isolation), updated };
  });
}

function updateFile({ root, files }: RegistryFolder, result: ReplayResult): UpdatedFile[] {
  if (result.passed) return [];
  const now = updateCase(files.read(result.path) ?? new Uint8Array(), result);
  if (now === null) return [];
  writeFileSync(join(root, result.path), now.text);
  return [{ path: result.path, changed: now.changed }];
}
