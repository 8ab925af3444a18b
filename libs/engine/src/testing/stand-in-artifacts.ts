import { MemoryArtifactStore } from './memory-artifact-store.ts';
import type { ArtifactId, ArtifactRef } from '../vocabulary.ts';

/** Files of a replayed run: recordings name artifacts by ids that nobody uploaded, and an empty file stands for each. */
export class StandInArtifacts extends MemoryArtifactStore {
  override async get(workspace: string, id: ArtifactId): Promise<{ ref: ArtifactRef; content: Uint8Array }> {
    const known = await super.get(workspace, id).catch(() => null);
    if (known !== null) return known;
    const digest = '0'.repeat(64);
    const ref = {
      artifact: id,
      name: 'recorded',
      type: 'file',
      mediaType: 'application/octet-stream',
      size: 0,
      digest,
    };
    return { ref, content: new Uint8Array() };
  }
}
