import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';
import type { AttemptRecord } from '@stagewright/engine';

/** One try at a task, as people look at it. The columns are for finding it; the record is the whole. */
export const Attempt = defineEntity({
  name: 'Attempt',
  tableName: 'attempt',
  properties: {
    runId: p.text().primary().collation('C'),
    task: p.text().primary(),
    attempt: p.integer().primary(),
    stage: p.text(),
    round: p.integer(),
    state: p.text().$type<AttemptRecord['state']>(),
    startedAt: p.datetime(3),
    record: p.json<AttemptRecord>().columnType('json'),
  },
});
export type Attempt = InferEntity<typeof Attempt>;
