import type { Told } from './provenance-of.ts';
import type { Decision } from './statement.ts';
import type { Actor } from '../vocabulary.ts';

/** What was decided, and by whom. Comments stay in the run: a statement goes further than the talk about it. */
export function decisionsOf(told: Told[]): Decision[] {
  return told.flatMap(({ at, fact }): Decision[] => {
    switch (fact.type) {
      case 'run.started':
        return [{ at, decision: 'started', stage: null, round: null, by: who(fact.actor) }];
      case 'run.upgraded':
        return [{ at, decision: 'upgraded', stage: null, round: null, by: who(fact.actor) }];
      case 'approval.given':
        return [{ at, decision: 'approved', ...placeOf(fact), by: who(fact.actor) }];
      case 'approval.completed':
        return fact.by === 'deadline'
          ? [{ at, decision: 'approved-by-deadline', ...placeOf(fact), by: null }]
          : [];
      case 'approval.kept':
        return [{ at, decision: 'approval-kept', ...placeOf(fact), by: null }];
      case 'changes.requested':
        return [{ at, decision: 'changes-requested', ...placeOf(fact), by: who(fact.actor) }];
      case 'input.submitted':
        return [{ at, decision: 'input-given', ...placeOf(fact), by: who(fact.actor) }];
      case 'input.kept':
        return [{ at, decision: 'input-kept', ...placeOf(fact), by: null }];
      default:
        return [];
    }
  });
}

function placeOf({ stage, round }: { stage: string; round: number }): { stage: string; round: number } {
  return { stage, round };
}

/** Without roles: they are those of that day, and nobody's business outside. */
function who({ kind, id }: Actor): { kind: string; id: string } {
  return { kind, id };
}
