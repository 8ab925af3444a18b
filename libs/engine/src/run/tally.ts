import type { Instant, TaskState } from '../vocabulary.ts';
import type { Review, Run, StageRun, TaskRun, TaskTally } from './run.ts';

export function emptyTally(): TaskTally {
  return { total: 0, left: 0, active: 0, waiting: 0, reviews: 0, next: 0 };
}

/** Moves a task to another state and keeps the stage's counts right. Both must be writable. */
export function moveTask(
  stage: StageRun,
  task: TaskRun,
  state: TaskState,
  { retryAt = null, review = null }: { retryAt?: Instant | null; review?: Review | null } = {},
): void {
  count(stage.tally, task, -1);
  task.state = state;
  task.retryAt = retryAt;
  task.review = review;
  count(stage.tally, task, 1);
}

/** Counts the tasks anew: for a round that begins. */
export function recount(tasks: TaskRun[]): TaskTally {
  const tally = emptyTally();
  for (const task of tasks) count(tally, task, 1);
  return tally;
}

function count(tally: TaskTally, task: TaskRun, by: 1 | -1): void {
  if (task.state === 'skipped') return;
  tally.total += by;
  if (task.state === 'done') return;
  tally.left += by;
  if (task.state === 'queued' || task.state === 'processing') tally.active += by;
  if (task.state === 'pending' && (task.retryAt !== null || task.review !== null)) tally.waiting += by;
  if (task.review !== null) tally.reviews += by;
}

/** Tasks that still have to be done, over all stages. A stage whose tasks are not known yet counts as one. */
export function workLeft(run: Run): number {
  let left = 0;
  for (const id in run.stages) left += stageWorkLeft(run.stages[id]!);
  return left;
}

function stageWorkLeft(stage: StageRun): number {
  if (stage.state === 'done' || stage.state === 'skipped') return 0;
  // Not begun: its tasks are not known yet. Begun without tasks: an empty list, nothing to do.
  if (stage.tally.total === 0) return stage.startedAt === null ? 1 : 0;
  return stage.tally.left;
}

function workInAll(run: Run): number {
  let all = 0;
  for (const id in run.stages) all += Math.max(1, run.stages[id]!.tally.total);
  return all;
}

/** Share of the work that is done, 0..1. Does not fall when a `forEach` turns out long: see `markProgress`. */
export function fractionDone(run: Run): number {
  const { fraction, left } = run.progressMark;
  if (left === 0) return 1;
  return fraction + (1 - fraction) * Math.max(0, 1 - workLeft(run) / left);
}

/**
 * The work changed in size: what is done stays done, and the rest of the way is shared among what is left now. A plain
 * done/all would jump back from 33 to 2 percent when a list of forty items appears.
 */
export function markProgress(run: Run, fraction: number): void {
  run.progressMark = { fraction, left: workLeft(run) };
}

/** Work that was done is to be made again: progress is counted afresh. */
export function restartProgress(run: Run): void {
  const all = workInAll(run);
  markProgress(run, all === 0 ? 0 : Math.max(0, 1 - workLeft(run) / all));
}
