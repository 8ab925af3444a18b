import type {
  ArtifactId,
  ArtifactRef,
  Instant,
  JsonObject,
  RunId,
  StageId,
  TaskId,
} from '@stagewright/engine';

import { instant } from '../../database/database.ts';
import type { Database, Statement } from '../../database/database.ts';

/** An artifact with where it came from; `run` is null for an upload. */
export interface StoredArtifact extends ArtifactRef {
  run: { id: RunId; stage: StageId; task: TaskId; attempt: number } | null;
  metadata: JsonObject;
  createdAt: Instant;
}

const COLUMNS = `id, name, type, media_type, size::float8 as size, digest, metadata, run_id, stage, task, attempt,
  ${instant('created_at')} as created_at`;

/** Index: the primary key. */
const FIND_ARTIFACT: Statement = {
  name: 'find-artifact',
  text: `select ${COLUMNS} from artifact where id = $2 and workspace = $1`,
};

/** Index: `artifact_run`. */
const FIND_ARTIFACTS_OF_RUN: Statement = {
  name: 'find-artifacts-of-run',
  text: `select ${COLUMNS} from artifact where run_id = $2 and workspace = $1 order by created_at, id offset $3 limit $4`,
};

interface Row {
  id: ArtifactId;
  name: string;
  type: string;
  media_type: string;
  size: number;
  digest: string;
  metadata: JsonObject;
  run_id: RunId | null;
  stage: StageId | null;
  task: TaskId | null;
  attempt: number | null;
  created_at: Instant;
}

export async function findArtifact(
  database: Database,
  workspace: string,
  id: ArtifactId,
): Promise<StoredArtifact | undefined> {
  const rows = await database.query<Row>(FIND_ARTIFACT, [workspace, id]);
  return rows.map(toArtifact)[0];
}

/** Oldest first. */
export async function findArtifactsOfRun(
  database: Database,
  { workspace, run, skip, limit }: { workspace: string; run: RunId; skip: number; limit: number },
): Promise<StoredArtifact[]> {
  const rows = await database.query<Row>(FIND_ARTIFACTS_OF_RUN, [workspace, run, skip, limit]);
  return rows.map(toArtifact);
}

function toArtifact(row: Row): StoredArtifact {
  const run =
    row.run_id === null
      ? null
      : { id: row.run_id, stage: row.stage ?? '', task: row.task ?? '', attempt: row.attempt ?? 0 };
  return {
    artifact: row.id,
    name: row.name,
    type: row.type,
    mediaType: row.media_type,
    size: row.size,
    digest: row.digest,
    run,
    metadata: row.metadata,
    createdAt: row.created_at,
  };
}
