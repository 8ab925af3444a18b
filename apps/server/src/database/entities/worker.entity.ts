import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';

/** A process that carries out work, for as long as its lease holds. Kept while a run names it. */
export const Worker = defineEntity({
  name: 'Worker',
  tableName: 'worker',
  properties: {
    id: p.text().primary().collation('C'),
    /** Where it runs, for people who look for it. */
    host: p.text(),
    pid: p.integer(),
    startedAt: p.datetime(3),
    /** The end of its lease, on the clock of the database; null for the one process of an embedded database. */
    expiresAt: p.datetime(3).nullable(),
  },
});
export type Worker = InferEntity<typeof Worker>;
