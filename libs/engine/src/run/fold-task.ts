import type { Instant, Usage } from '../vocabulary.ts';
import type { RunDraft } from './draft.ts';
import type { RunFact } from './fact.ts';
import type { Run } from './run.ts';
import { moveTask } from './tally.ts';
import { workBegun, workCutOff, workEnded, workReleased, workSeen } from './task-work.ts';

type TaskFact = Extract<RunFact, { task: string }>;

/** Folds what happened to one task. */
export function foldTaskFact(draft: RunDraft, fact: TaskFact, at: Instant): void {
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
      task.work = workBegun(task.work, at);
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
      return;
    case 'task.completed':
      task.output = fact.output;
      task.artifacts = fact.artifacts;
      task.error = null;
      task.last = {
        task: fact.task,
        attempt: fact.attempt,
        round: fact.round,
        output: fact.output,
        artifacts: fact.artifacts,
        inputDigest: fact.inputDigest,
      };
      task.work = workEnded(task.work, at);
      spend(draft.run, fact.usage);
      return moveTask(stage, task, 'done');
    case 'task.failed':
      task.error = fact.error;
      task.work = workEnded(task.work, at);
      spend(draft.run, fact.usage);
      return moveTask(stage, task, fact.retryAt === null ? 'failed' : 'pending', fact.retryAt);
    case 'task.cancelled':
      task.work = { ...task.work, since: null, worker: null };
      return moveTask(stage, task, 'cancelled');
  }
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
