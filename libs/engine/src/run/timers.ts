import type { Plan } from '../template/plan.ts';
import type { Timer } from './event.ts';
import { stageOf } from './run-parts.ts';
import type { Run } from './run.ts';

/** Every timer that the run waits for. A paused run waits for no retry; deadlines of gates run on. */
export function timersOf(plan: Plan, run: Run): Timer[] {
  if (run.state === 'done') return endActionTimers(run);
  if (run.state === 'draft' || run.state === 'failed' || run.state === 'cancelled') return [];
  return [...deadlines(plan, run), ...(run.state === 'paused' ? [] : retries(plan, run))];
}

function deadlines(plan: Plan, run: Run): Timer[] {
  return plan.stages.flatMap(({ id, approval: gate }): Timer[] => {
    const stage = stageOf(run, id);
    if (stage?.state !== 'approval_pending' || stage.approval === null || stage.approval.escalated) return [];
    if (stage.approval.deadline === null || gate === null || gate.onDeadline === null) return [];
    return [{ kind: 'deadline', stage: id, round: stage.approval.round, at: stage.approval.deadline }];
  });
}

function retries(plan: Plan, run: Run): Timer[] {
  return plan.stages.flatMap(({ id }): Timer[] => {
    const stage = stageOf(run, id);
    if (stage === undefined || stage.tally.waiting === 0) return [];
    return stage.tasks.flatMap(({ id: task, attempt, retryAt }): Timer[] =>
      retryAt === null ? [] : [{ kind: 'retry', task, attempt, at: retryAt }],
    );
  });
}

function endActionTimers(run: Run): Timer[] {
  return run.endActions.flatMap(({ attempt, retryAt }, index): Timer[] =>
    retryAt === null ? [] : [{ kind: 'end-action-retry', index, attempt, at: retryAt }],
  );
}
