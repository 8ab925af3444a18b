import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';
import type { RunFact, RunState } from '@stagewright/engine';

/**
 * The truth about runs: never updated, never deleted. Documents are `json`, not `jsonb`: `jsonb` reorders keys and
 * refuses the NUL characters and lone surrogates that a model may well answer with.
 */
export const JournalEntry = defineEntity({
  name: 'JournalEntry',
  tableName: 'journal_entry',
  properties: {
    runId: p.text().primary().collation('C'),
    version: p.integer().primary(),
    at: p.datetime(3),
    facts: p.json<RunFact[]>().columnType('json'),
    /** State and progress of the run after this entry, so that live events need no replay. */
    state: p.text().$type<RunState>(),
    progress: p.double(),
  },
});
export type JournalEntry = InferEntity<typeof JournalEntry>;
