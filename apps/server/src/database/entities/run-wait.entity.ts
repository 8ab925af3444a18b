import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';
import type { RunWait as Wait } from '@stagewright/engine';

/** What a run waits for now: people (the inbox) and timers. Parking a run is these rows and nothing in memory. */
export const RunWait = defineEntity({
  name: 'RunWait',
  tableName: 'run_wait',
  indexes: [
    // Due timers, earliest first.
    { name: 'run_wait_due', properties: ['dueAt', 'runId'], where: 'due_at is not null' },
    // The inbox, oldest first, with and without filters: entered once for each kind.
    { name: 'run_wait_inbox', properties: ['workspace', 'kind', 'since'], where: "kind <> 'timer'" },
    {
      name: 'run_wait_template',
      properties: ['workspace', 'template', 'kind', 'since'],
      where: "kind <> 'timer'",
    },
  ],
  properties: {
    runId: p.text().primary().collation('C'),
    /** Version of the run that wrote the row: old rows go and new ones come in one statement without meeting. */
    version: p.integer().primary(),
    ordinal: p.integer().primary(),
    workspace: p.text(),
    /** Of the run, which never gets another one. */
    template: p.text(),
    kind: p.text().$type<Wait['kind']>(),
    stage: p.text().nullable(),
    task: p.text().nullable(),
    round: p.integer().nullable(),
    /** When a timer fires; null for what people do. */
    dueAt: p.datetime(3).nullable(),
    /** When the run began to wait for it. */
    since: p.datetime(3),
    payload: p.json<Wait>().columnType('json'),
  },
});
export type RunWait = InferEntity<typeof RunWait>;
