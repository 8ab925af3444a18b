import { StagewrightError } from '../errors/stagewright-error.ts';
import type { RecordedDecision } from '../template/schema/test-schema.ts';
import type { RunVerb } from '../run/event.ts';
import type { RunView } from '../run/view.ts';
import type { Plan } from '../template/plan.ts';
import type { Actor, Json } from '../vocabulary.ts';

interface At {
  run: RunView;
  plan: Plan;
  nth: number;
}

/** The verb that a recorded decision stands for, about the round that the run is in. A missed deadline is none. */
export function verbOf(decision: RecordedDecision, at: At): RunVerb {
  const stage = decision.stage ?? '';
  const actor = decision.by === undefined ? reviewer(stage, at) : named(decision.by, stage, at);
  switch (decision.do) {
    case 'approve':
    case 'request-changes':
      return gateVerb(decision, { ...at, actor, stage });
    case 'submit-input': {
      if (decision.input === undefined) {
        throw new StagewrightError('INPUT_INVALID', `The decision on "${stage}" has no input.`);
      }
      const input = decision.input as Json;
      const { task } = decision;
      return { type: 'submit-input', actor, stage, input, ...(task !== undefined && { task }) };
    }
    case 'next-stage':
      return { type: 'next-stage', actor, stage };
    case 'rerun':
      return { type: 'rerun', actor, from: stage };
    case 'resume': {
      const { budgetUsd } = decision;
      return { type: 'resume', actor, ...(budgetUsd !== undefined && { budgetUsd }) };
    }
    case 'retry':
    case 'cancel':
      return { type: decision.do, actor };
    case 'miss-deadline':
      throw new Error('Nobody decides to miss a deadline: it is waited for.');
  }
}

function gateVerb(
  { do: verb, comments = [], tasks }: RecordedDecision,
  { run, actor, stage }: At & { actor: Actor; stage: string },
): RunVerb {
  const round = run.stages.find((candidate) => candidate.id === stage)?.round ?? 0;
  const remarks = comments.map((comment) => (typeof comment === 'string' ? { body: comment } : comment));
  const about = { actor, stage, round };
  if (verb === 'request-changes')
    return { type: 'request-changes', ...about, comments: remarks, ...(tasks && { tasks }) };
  const comment = remarks.map(({ body }) => body).join('\n');
  return { type: 'approve', ...about, ...(comment !== '' && { comment }) };
}

/** Whoever starts the runs of tests. */
export const STARTER: Actor = { kind: 'client', id: 'author' };

/** The starter holds whatever role is asked for: whether that is enough is what a test wants to know. */
function named(by: string, stage: string, at: At): Actor {
  if (by === 'starter') return { ...STARTER, roles: reviewer(stage, at).roles ?? [] };
  if (by.startsWith('role:')) return { kind: 'user', id: `reviewer-${at.nth + 1}`, roles: [by.slice(5)] };
  return { kind: 'user', id: by.slice(5), roles: [] };
}

/** Somebody who may decide: another person for every decision, so that a quorum can be reached. */
function reviewer(stage: string, { plan, nth }: At): Actor {
  const approvers = plan.stages.find((candidate) => candidate.id === stage)?.approval?.approvers ?? [];
  const roles = approvers.flatMap((rule) => (rule.startsWith('role:') ? [rule.slice(5)] : []));
  const people = approvers.flatMap((rule) => (rule.startsWith('user:') ? [rule.slice(5)] : []));
  const owners = approvers.includes('codeowners') ? plan.owners : [];
  const id = roles.length === 0 && people.length > 0 ? people[nth % people.length] : undefined;
  return { kind: 'user', id: id ?? `reviewer-${nth + 1}`, roles: [...roles, ...owners] };
}
