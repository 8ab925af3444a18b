import { hasEnded } from './run-parts.ts';
import type { Failure, StageId } from '../vocabulary.ts';
import type { Deciding } from './deciding.ts';

/** Code of the failure that says: nobody knows whether it happened. A person has to find out. */
export const OUTCOME_UNKNOWN = 'ACTION_OUTCOME_UNKNOWN';

/** A failure that no further try mends. */
export function finalFailure(code: string, message: string, hint: string): Failure {
  return { code, message, hint, retryable: false };
}

/** The stage fails, and the run with it unless that failed before. */
export function failStage(d: Deciding, id: StageId, error: Failure): void {
  stopTasks(d, id);
  d.emit({ type: 'stage.failed', stage: id, round: d.stage(id).round, error });
  if (!hasEnded(d.run)) failRun(d, error, id);
}

/**
 * The run fails. Stages at work stop; a gate or a form that waits for people keeps waiting, and is there again after
 * a retry.
 */
export function failRun(d: Deciding, error: Failure, stage: StageId | null): void {
  for (const { id } of d.plan.stages) {
    if (d.stage(id).state !== 'running') continue;
    stopTasks(d, id);
    d.emit({ type: 'stage.cancelled', stage: id });
  }
  d.emit({ type: 'run.failed', error, stage });
}

export function cancelStage(d: Deciding, id: StageId): void {
  stopTasks(d, id, { reviewsToo: true });
  d.emit({ type: 'stage.cancelled', stage: id });
}

/** What may have happened outside stays open when a run fails: somebody has to look before it is made again. */
function stopTasks(d: Deciding, id: StageId, { reviewsToo = false } = {}): void {
  const { round, state: stageState, tasks, tally } = d.stage(id);
  if (tally.left === 0) return;
  // What a person was asked for has no worker to stop.
  const hasWorkers = stageState !== 'input_pending';
  for (const { id: task, state, attempt, review } of tasks) {
    if (review !== null && !reviewsToo) continue;
    if (state !== 'pending' && state !== 'queued' && state !== 'processing') continue;
    d.emit({ type: 'task.cancelled', stage: id, round, task, attempt });
    if (hasWorkers && state !== 'pending') d.abort(task, attempt);
  }
}
