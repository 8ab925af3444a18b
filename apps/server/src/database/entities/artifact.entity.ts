import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';
import type { JsonObject } from '@stagewright/engine';

/** A stored file. The id is random; the bytes lie in the blob store under their digest. */
export const Artifact = defineEntity({
  name: 'Artifact',
  tableName: 'artifact',
  indexes: [
    { name: 'artifact_run', properties: ['runId', 'createdAt'] },
    { name: 'artifact_digest', properties: ['digest'] },
  ],
  uniques: [
    // A repeated attempt after a crash finds what it wrote before.
    {
      name: 'artifact_origin',
      properties: ['workspace', 'runId', 'task', 'attempt', 'name', 'digest'],
      where: 'run_id is not null',
    },
  ],
  properties: {
    id: p.text().primary(),
    workspace: p.text(),
    name: p.text(),
    type: p.text(),
    mediaType: p.text(),
    /** Bytes. */
    size: p.bigint('number'),
    /** sha256 of the bytes, lower-case hex. */
    digest: p.text(),
    metadata: p.json<JsonObject>().columnType('json'),
    runId: p.text().nullable(),
    stage: p.text().nullable(),
    task: p.text().nullable(),
    attempt: p.integer().nullable(),
    createdAt: p.datetime(3),
  },
});
export type Artifact = InferEntity<typeof Artifact>;
