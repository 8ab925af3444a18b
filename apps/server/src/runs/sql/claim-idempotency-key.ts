import type { Digest, Instant, Json } from '@stagewright/engine';

import type { Database, Statement } from '../../database/database.ts';

/** Index: the primary key. The update changes nothing and makes the statement return the row that is there. */
const CLAIM_IDEMPOTENCY_KEY: Statement = {
  name: 'claim-idempotency-key',
  text: `insert into idempotency_key (workspace, key, body_hash, created_at) values ($1, $2, $3, $4::timestamptz)
    on conflict (workspace, key) do update set key = excluded.key
    returning body_hash, answer`,
};

/** Index: the primary key. The first answer stays. */
const KEEP_ANSWER: Statement = {
  name: 'keep-idempotent-answer',
  text: `update idempotency_key set answer = coalesce(answer, $3::json) where workspace = $1 and key = $2 returning answer`,
};

/** Index: the primary key. A request that was refused leaves the key free, unless another sending of it worked. */
const RELEASE_KEY: Statement = {
  name: 'release-idempotency-key',
  text: 'delete from idempotency_key where workspace = $1 and key = $2 and body_hash = $3 and answer is null',
};

export interface KeyOf {
  workspace: string;
  key: string;
}

/** The row of a key, made now or before; `answer` is null until the first answer was given. */
export async function claimIdempotencyKey(
  database: Database,
  { workspace, key, bodyHash, at }: KeyOf & { bodyHash: Digest; at: Instant },
): Promise<{ bodyHash: Digest; answer: Json }> {
  const rows = await database.query<{ body_hash: Digest; answer: Json }>(CLAIM_IDEMPOTENCY_KEY, [
    workspace,
    key,
    bodyHash,
    at,
  ]);
  return { bodyHash: rows[0]?.body_hash ?? bodyHash, answer: rows[0]?.answer ?? null };
}

/** Gives the answer that counts: the first one. */
export async function keepAnswer<T>(database: Database, { workspace, key }: KeyOf, answer: T): Promise<T> {
  const rows = await database.query<{ answer: T }>(KEEP_ANSWER, [workspace, key, JSON.stringify(answer)]);
  return rows[0]?.answer ?? answer;
}

export async function releaseKey(
  database: Database,
  { workspace, key }: KeyOf,
  bodyHash: Digest,
): Promise<void> {
  await database.query(RELEASE_KEY, [workspace, key, bodyHash]);
}
