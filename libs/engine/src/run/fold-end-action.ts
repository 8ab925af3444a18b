import type { Instant } from '../vocabulary.ts';
import type { RunFact } from './fact.ts';
import { journalIsBroken } from './run.errors.ts';
import type { EndActionRun, Run } from './run.ts';

type EndActionFact = Extract<RunFact, { type: `end-action.${string}` }>;

/** Folds what happened to one end action into a run, writable. */
export function foldEndAction(run: Run, fact: EndActionFact, at: Instant): void {
  const present = run.endActions[fact.index];
  if (present === undefined) throw journalIsBroken(`Run "${run.id}" has no end action ${fact.index}.`);
  run.endActions = run.endActions.with(fact.index, { ...present, ...endActionAfter(present, fact, at) });
}

function endActionAfter(present: EndActionRun, fact: EndActionFact, at: Instant): Partial<EndActionRun> {
  switch (fact.type) {
    case 'end-action.started':
      return {
        state: 'processing',
        attempt: fact.attempt,
        tries: present.tries + 1,
        retryAt: null,
      };
    case 'end-action.taken':
      return { worker: fact.worker, fence: present.fence + 1 };
    case 'end-action.doubted':
      return {
        state: 'pending',
        worker: null,
        error: fact.error,
        review: { since: at, error: fact.error, inputDigest: null },
      };
    case 'end-action.resolved':
      return { review: null };
    case 'end-action.completed':
      return { state: 'done', error: null, worker: null };
    case 'end-action.skipped':
      return { state: 'skipped' };
    case 'end-action.failed':
      return {
        state: fact.retryAt === null ? 'failed' : 'pending',
        error: fact.error,
        retryAt: fact.retryAt,
        worker: null,
      };
  }
}
