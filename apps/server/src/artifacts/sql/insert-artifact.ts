import type { ArtifactId, ArtifactOrigin, ArtifactRef, Instant } from '@stagewright/engine';

import type { Database, Statement } from '../../database/database.ts';

/**
 * Index: `artifact_origin`. The same bytes from the same attempt give the row that is there; the update changes
 * nothing and makes the statement return it.
 */
const INSERT_ARTIFACT: Statement = {
  name: 'insert-artifact',
  text: `insert into artifact (id, workspace, name, type, media_type, size, digest, metadata, run_id, stage, task,
      attempt, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8::json, $9, $10, $11, $12, $13::timestamptz)
    on conflict (workspace, run_id, task, attempt, name, digest) where run_id is not null
      do update set name = excluded.name
    returning id`,
};

/** Gives the id under which the artifact is kept: that of `ref`, or of the same artifact written before. */
export async function insertArtifact(
  database: Database,
  ref: ArtifactRef,
  origin: ArtifactOrigin,
  at: Instant,
): Promise<ArtifactId> {
  const rows = await database.query<{ id: ArtifactId }>(INSERT_ARTIFACT, [
    ref.artifact,
    origin.workspace,
    ref.name,
    ref.type,
    ref.mediaType,
    ref.size,
    ref.digest,
    JSON.stringify(origin.metadata),
    origin.run?.id ?? null,
    origin.run?.stage ?? null,
    origin.run?.task ?? null,
    origin.run?.attempt ?? null,
    at,
  ]);
  return rows[0]?.id ?? ref.artifact;
}
