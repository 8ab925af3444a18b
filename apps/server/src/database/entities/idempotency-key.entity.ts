import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';
import type { Json } from '@stagewright/engine';

/** What a client's `Idempotency-Key` stands for: one body, one created thing, one answer. */
export const IdempotencyKey = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_key',
  properties: {
    workspace: p.text().primary(),
    key: p.text().primary(),
    /** sha256 of the request's body in canonical form. */
    bodyHash: p.text(),
    /** Id of the thing to create, chosen before it is created: a retry after a crash makes no second one. */
    resourceId: p.text(),
    /** The first answer; null until it was given. */
    answer: p.json<Json>().columnType('json').nullable(),
    createdAt: p.datetime(3),
  },
});
export type IdempotencyKey = InferEntity<typeof IdempotencyKey>;
