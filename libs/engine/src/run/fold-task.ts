import type { Instant, Usage } from '../vocabulary.ts';
import type { RunDraft } from './draft.ts';
import type { RunFact } from './fact.ts';
import type { LastOutput, Run, StageRun, TaskRun } from './run.ts';
import { answered, called, withoutCutOff } from './talk.ts';
import { moveTask } from './tally.ts';
import { workBegun, workCutOff, workEnded, workReleased, workSeen } from './task-work.ts';

type TaskFact = Extract<RunFact, { task: string }>;

/** Folds what happened to one task. */
export function foldTaskFact(draft: RunDraft, fact: TaskFact, at: Instant): void {
  const { stage } = draft.task(fact.task);
  const wasReviewed = stage.tally.reviews > 0;
  foldTask(draft, fact, at);
  if (wasReviewed || stage.tally.reviews > 0) settleReviews(stage);
}

/** While nobody works on a stage whose outcome is in doubt, it waits for a person. */
export function settleReviews(stage: StageRun): void {
  if (stage.state !== 'running' && stage.state !== 'input_pending') return;
  stage.state = stage.tally.reviews > 0 && stage.tally.active === 0 ? 'input_pending' : 'running';
}

function foldTask(draft: RunDraft, fact: TaskFact, at: Instant): void {
  const { stage, task } = draft.task(fact.task);
  switch (fact.type) {
    case 'task.queued':
    case 'input.requested':
      task.attempt = fact.type === 'task.queued' ? fact.attempt : task.attempt + 1;
      task.tries += 1;
      stage.tally.next = Math.max(stage.tally.next, task.index + 1);
      if (fact.type === 'input.requested') stage.state = 'input_pending';
      return moveTask(stage, task, 'queued');
    case 'input.kept':
      task.attempt = fact.attempt;
      task.tries += 1;
      stage.tally.next = Math.max(stage.tally.next, task.index + 1);
      task.work = workBegun(task.work, at, null);
      return moveTask(stage, task, 'processing');
    case 'task.started':
    case 'input.submitted':
      task.work = workBegun(task.work, at, fact.type === 'task.started' ? fact.worker : null);
      return moveTask(stage, task, 'processing');
    case 'task.interrupted':
      task.work = workCutOff(task.work, at, fact.worker);
      return;
    case 'task.released':
      task.work = workReleased(task.work, at);
      return moveTask(stage, task, 'queued');
    case 'tool.called':
      task.work = { ...workSeen(task.work, at), toolCalls: task.work.toolCalls + 1 };
      task.talk = called(task.talk, fact);
      return;
    case 'tool.answered':
      task.work = workSeen(task.work, at);
      task.talk = answered(task.talk, fact.answer);
      return;
    case 'task.completed':
      task.output = fact.output;
      task.artifacts = fact.artifacts;
      task.error = null;
      task.talk = [];
      task.last = lastOf(fact);
      task.work = workEnded(task.work, at);
      spend(draft.run, fact.usage);
      return moveTask(stage, task, 'done');
    case 'task.failed':
      task.error = fact.error;
      task.work = workEnded(task.work, at);
      spend(draft.run, fact.usage);
      return moveTask(stage, task, fact.retryAt === null ? 'failed' : 'pending', fact);
    case 'review.requested':
    case 'review.resolved':
      if (fact.type === 'review.requested') spend(draft.run, fact.usage);
      return foldReview(stage, task, fact, at);
    case 'task.cancelled':
      task.work = { ...task.work, since: null, worker: null };
      return moveTask(stage, task, 'cancelled');
  }
}

function lastOf(fact: Extract<TaskFact, { type: 'task.completed' }>): LastOutput {
  const { task, attempt, round, output, artifacts, inputDigest } = fact;
  return { task, attempt, round, output, artifacts, inputDigest };
}

type ReviewFact = Extract<TaskFact, { type: `review.${string}` }>;

function foldReview(stage: StageRun, task: TaskRun, fact: ReviewFact, at: Instant): void {
  if (fact.type === 'review.requested') {
    const { error, inputDigest } = fact;
    task.error = error;
    task.work = workEnded(task.work, at);
    return moveTask(stage, task, 'pending', { review: { since: at, error, inputDigest } });
  }
  if (fact.outcome !== 'repeat') {
    task.work = workBegun(task.work, at, null);
    return moveTask(stage, task, 'processing');
  }
  // It is looked at again by whoever hands out work, and what was cut off is made again.
  stage.tally.next = Math.min(stage.tally.next, task.index);
  task.talk = withoutCutOff(task.talk);
  moveTask(stage, task, 'pending');
}

/** An unknown price counts as nothing: the budget is on what is known. */
function spend(run: Run, usage: Usage | null): void {
  if (usage === null) return;
  run.spent = {
    inputTokens: run.spent.inputTokens + usage.inputTokens,
    outputTokens: run.spent.outputTokens + usage.outputTokens,
    usd: (run.spent.usd ?? 0) + (usage.usd ?? 0),
  };
}
