import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';
import type { Json } from '@stagewright/engine';

/** What a client's `Idempotency-Key` stands for: one body and one answer. */
export const IdempotencyKey = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_key',
  properties: {
    workspace: p.text().primary(),
    key: p.text().primary(),
    /** sha256 of the request's body in canonical form. */
    bodyHash: p.text(),
    /** The first answer; null until it was given. */
    answer: p.json<Json>().columnType('json').nullable(),
    createdAt: p.datetime(3),
  },
});
export type IdempotencyKey = InferEntity<typeof IdempotencyKey>;
