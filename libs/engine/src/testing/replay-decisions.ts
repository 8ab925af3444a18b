import { StagewrightError } from '../errors/stagewright-error.ts';
import type { RecordedDecision } from '../template/schema/test-schema.ts';
import type { RunVerb } from '../run/event.ts';
import type { RunView } from '../run/view.ts';
import type { Plan } from '../template/plan.ts';
import type { Actor, Json } from '../vocabulary.ts';

/** The verb that a recorded decision stands for, about the round that the run is in. */
export function verbOf(decision: RecordedDecision, at: { run: RunView; plan: Plan; nth: number }): RunVerb {
  const { stage } = decision;
  const actor = reviewer(stage, at);
  const round = at.run.stages.find((candidate) => candidate.id === stage)?.round ?? 0;
  switch (decision.do) {
    case 'approve':
      return {
        type: 'approve',
        actor,
        stage,
        round,
        ...(decision.comments && { comment: decision.comments.join('\n') }),
      };
    case 'request-changes': {
      const comments = (decision.comments ?? []).map((body) => ({ body }));
      return {
        type: 'request-changes',
        actor,
        stage,
        round,
        comments,
        ...(decision.tasks && { tasks: decision.tasks }),
      };
    }
    case 'submit-input': {
      if (decision.input === undefined) {
        throw new StagewrightError('INPUT_INVALID', `The decision on "${stage}" has no input.`);
      }
      const input = decision.input as Json;
      return {
        type: 'submit-input',
        actor,
        stage,
        input,
        ...(decision.task !== undefined && { task: decision.task }),
      };
    }
    case 'next-stage':
      return { type: 'next-stage', actor, stage };
  }
}

/** Somebody who may decide: another person for every decision, so that a quorum can be reached. */
function reviewer(stage: string, { plan, nth }: { plan: Plan; nth: number }): Actor {
  const approvers = plan.stages.find((candidate) => candidate.id === stage)?.approval?.approvers ?? [];
  const roles = approvers.flatMap((rule) => (rule.startsWith('role:') ? [rule.slice(5)] : []));
  const people = approvers.flatMap((rule) => (rule.startsWith('user:') ? [rule.slice(5)] : []));
  const owners = approvers.includes('codeowners') ? plan.owners : [];
  const id = roles.length === 0 && people.length > 0 ? people[nth % people.length] : undefined;
  return { kind: 'user', id: id ?? `reviewer-${nth + 1}`, roles: [...roles, ...owners] };
}
