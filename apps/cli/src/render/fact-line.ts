import type { ReviewOutcome, RunFact } from '@stagewright/engine';

const OUTCOMES: Record<ReviewOutcome, string> = {
  done: 'it happened',
  repeat: 'it did not happen, do it again',
  fail: 'give it up',
};

/** One fact as a plain line; null for those that only matter to machines. */
export function factLine(fact: RunFact): string | null {
  switch (fact.type) {
    case 'run.created':
      return `run created: ${fact.title}`;
    case 'run.paused':
      return fact.reason === 'budget' ? 'run paused: its budget is used up' : 'run paused';
    case 'run.failed':
      return `run failed: ${fact.error.code}: ${fact.error.message}`;
    case 'run.cancelled':
      return fact.reason === '' ? 'run cancelled' : `run cancelled: ${fact.reason}`;
    case 'run.started':
    case 'run.resumed':
    case 'run.upgraded':
    case 'run.completed':
      return fact.type.replace('.', ' ');
    case 'budget.exceeded':
      return `budget of $${fact.usd} exceeded: $${fact.spent.toFixed(4)} spent`;
    case 'end-action.taken':
      return null;
    case 'end-action.doubted':
      return `end action ${fact.index}: nobody knows whether it happened: ${fact.error.message}`;
    case 'end-action.resolved':
      return `end action ${fact.index}: ${fact.actor.id} says: ${OUTCOMES[fact.outcome]}`;
    case 'end-action.started':
    case 'end-action.completed':
    case 'end-action.failed':
    case 'end-action.skipped':
      return `end action ${fact.index} ${fact.type.slice('end-action.'.length)}`;
    default:
      return stageLine(fact);
  }
}

type StageFact = Extract<RunFact, { stage: string }>;

function stageLine(fact: Exclude<StageFact, { type: 'run.failed' }>): string | null {
  const round = 'round' in fact && fact.round > 1 ? ` (round ${fact.round})` : '';
  switch (fact.type) {
    case 'stage.started':
      return `${fact.stage}: started${fact.items === null ? '' : `, ${fact.items.length} tasks`}${round}`;
    case 'stage.failed':
      return `${fact.stage}: failed: ${fact.error.code}: ${fact.error.message}`;
    case 'stage.completed':
    case 'stage.skipped':
    case 'stage.cancelled':
    case 'stage.ready':
    case 'stage.reset':
    case 'stage.advanced':
      return `${fact.stage}: ${fact.type.slice('stage.'.length)}${round}`;
    case 'task.completed':
      return `${fact.task}: done${fact.reused ? ', reused' : ''}`;
    case 'task.failed':
      return `${fact.task}: failed: ${fact.error.code}: ${fact.error.message}${fact.retryAt === null ? '' : `, again at ${fact.retryAt}`}`;
    case 'review.requested':
      return `${fact.task}: nobody knows whether it happened: ${fact.error.message}`;
    case 'review.resolved':
      return `${fact.task}: ${fact.actor.id} says: ${OUTCOMES[fact.outcome]}`;
    case 'task.queued':
    case 'task.started':
    case 'task.cancelled':
    case 'tool.called':
    case 'tool.answered':
      return null;
    case 'task.interrupted':
      return `${fact.task}: was interrupted, and is taken up again`;
    case 'task.released':
      return `${fact.task}: was given back by a worker that stops`;
    case 'approval.requested':
      return `${fact.stage}: waits for approval${round}`;
    case 'approval.given':
      return `${fact.stage}: approved by ${fact.actor.id}${round}`;
    case 'approval.completed':
      return null;
    case 'approval.escalated':
      return `${fact.stage}: nobody decided in time, escalated`;
    case 'changes.requested':
      return `${fact.stage}: ${fact.actor.id} asks for changes: ${fact.comments.map(({ body }) => body).join(' / ')}`;
    case 'input.requested':
      return `${fact.task}: waits for input`;
    case 'approval.kept':
      return `${fact.stage}: nothing changed since it was approved in round ${fact.from}`;
    case 'input.kept':
      return `${fact.task}: nothing changed since it was filled in`;
    case 'input.submitted':
      return `${fact.task}: input from ${fact.actor.id}`;
  }
}
