import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { updateCase } from '@stagewright/engine/testing';
import { openRegistryFolder } from './folder-files.ts';
import { replayFolder, replayTemplates } from './replay-folder.ts';
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
  const folder = openRegistryFolder(path);
  const report = await replayTemplates(folder, path);
  const updated: UpdatedFile[] = [];
  for (const result of report.cases.filter(({ passed }) => !passed)) {
    const now = updateCase(folder.files.read(result.path) ?? new Uint8Array(), result);
    if (now === null) continue;
    writeFileSync(join(folder.root, result.path), now.text);
    updated.push({ path: result.path, changed: now.changed });
  }
  return updated.length === 0 ? { report, updated } : { report: await replayFolder(path), updated };
}
