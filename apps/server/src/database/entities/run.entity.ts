import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';
import type { Actor, RunState } from '@stagewright/engine';

/**
 * The header of a run: what lists and recovery find it by. All of it follows from the journal and is written with the
 * entry that changes it, so it is never ahead of it nor behind. What changes with every entry (version, progress, what
 * was spent) is said by the last entry alone: an update of this row for every stage would cost more than the entry.
 */
export const Run = defineEntity({
  name: 'Run',
  tableName: 'run',
  indexes: [
    // Lists, newest first, with and without a filter by state.
    { name: 'run_workspace_created', properties: ['workspace', 'createdAt', 'id'] },
    { name: 'run_workspace_state', properties: ['workspace', 'state', 'createdAt'] },
    // With a filter by template, and by both: entered once for each state, so that one index does for the two.
    { name: 'run_workspace_template', properties: ['workspace', 'template', 'state', 'createdAt'] },
    // Recovery: only runs with work now, by who answers for it.
    { name: 'run_held', properties: ['holder', 'id'], where: 'open' },
  ],
  properties: {
    /** Byte order, so that paging by id means the same on every installation. */
    id: p.text().primary().collation('C'),
    workspace: p.text(),
    template: p.text(),
    /** Content digest. */
    revision: p.text(),
    title: p.text(),
    state: p.text().$type<RunState>(),
    open: p.boolean(),
    /** The worker that answers for the open work; null while nobody does. */
    holder: p.text().collation('C').nullable(),
    createdBy: p.json<Actor>().columnType('json'),
    createdAt: p.datetime(3),
    startedAt: p.datetime(3).nullable(),
    endedAt: p.datetime(3).nullable(),
  },
});
export type Run = InferEntity<typeof Run>;
