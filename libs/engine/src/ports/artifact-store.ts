import type { NewArtifact } from './action-context.ts';
import type { ArtifactId, ArtifactRef, JsonObject, RunId, StageId, TaskId } from '../vocabulary.ts';

/** Files that people uploaded and that runs made, by content hash. A half-written file is never visible. */
export interface ArtifactStore {
  /**
   * The same bytes from the same (run, task, attempt, name) give the same artifact again, so a repeated attempt after
   * a crash leaves one. Refuses a name that is not a bare file name with `NAME_INVALID` or `PATH_FORBIDDEN`.
   */
  put(file: NewArtifact, origin: ArtifactOrigin): Promise<ArtifactRef>;
  /** Throws `ARTIFACT_NOT_FOUND` when the id is unknown in this workspace. */
  get(workspace: string, id: ArtifactId): Promise<{ ref: ArtifactRef; content: Uint8Array }>;
}

export interface ArtifactOrigin {
  workspace: string;
  /** Null for an upload. */
  run: { id: RunId; stage: StageId; task: TaskId; attempt: number } | null;
  metadata: JsonObject;
}
