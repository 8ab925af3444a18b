import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';
import type { AttemptNote, RunState, ShortFact, Usage } from '@stagewright/engine';

/**
 * The truth about runs: never updated, never deleted. Documents are `json`, not `jsonb`: `jsonb` reorders keys and
 * refuses the NUL characters and lone surrogates that a model may well answer with. Its primary key is the fence of a
 * run, and its only index.
 */
export const JournalEntry = defineEntity({
  name: 'JournalEntry',
  tableName: 'journal_entry',
  properties: {
    runId: p.text().primary().collation('C'),
    version: p.integer().primary(),
    at: p.datetime(3),
    facts: p.json<ShortFact[]>().columnType('json'),
    /** State and progress of the run after this entry, so that live events and lists need no replay. */
    state: p.text().$type<RunState>(),
    progress: p.double(),
    /** What is known, beyond the facts, of each attempt that the entry ends; null when nothing is. Not read to go on. */
    notes: p.json<Array<AttemptNote | null>>().columnType('json').nullable(),
    /** By the run so far; null: nothing. */
    spent: p.json<Usage>().columnType('json').nullable(),
  },
});
export type JournalEntry = InferEntity<typeof JournalEntry>;
