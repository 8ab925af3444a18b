import type { TaskId, Usage } from '../vocabulary.ts';
import type { JournalEntry } from './fact.ts';

const NOTHING: Usage = { inputTokens: 0, outputTokens: 0, usd: 0 };

/**
 * What each task took when it was last made, from the journal: null usage (an action, a form) is nothing, an unknown price stays
 * unknown. Outputs that were reused cost nothing and say nothing. Failed tries are left out: they are no measure of the next.
 */
export function paidFor(entries: JournalEntry[]): Map<TaskId, Usage> {
  const paid = new Map<TaskId, Usage>();
  for (const { facts } of entries) {
    for (const fact of facts) {
      if (fact.type === 'task.completed' && !fact.reused) paid.set(fact.task, fact.usage ?? NOTHING);
    }
  }
  return paid;
}
