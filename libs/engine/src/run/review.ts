import type { StageId, TaskId } from '../vocabulary.ts';
import type { Deciding } from './deciding.ts';
import { endActionId, endActionIndex, startEndAction } from './end-actions.ts';
import type { RunReport, RunVerb } from './event.ts';
import { failStage } from './failing.ts';
import { checkText, knownStage } from './requests.ts';
import { stageIdOf, taskOf } from './run-parts.ts';
import * as refuse from './run.errors.ts';
import type { EndActionRun, Review, Run, StageRun, TaskRun } from './run.ts';
import { settle } from './advance.ts';

type Resolve = Extract<RunVerb, { type: 'resolve' }>;

/** Everything of the run whose outcome nobody knows: tasks in stage order, then end actions. */
export function openReviews(
  run: Run,
): Array<{ stage: StageId; task: TaskId; attempt: number; review: Review }> {
  const tasks = Object.values(run.stages).flatMap(({ id: stage, tasks: all, tally }) =>
    tally.reviews === 0
      ? []
      : all.flatMap(({ id: task, attempt, review }) =>
          review === null ? [] : [{ stage, task, attempt, review }],
        ),
  );
  const endActions = run.endActions.flatMap(({ attempt, review }, index) => {
    const id = endActionId(index);
    return review === null ? [] : [{ stage: id, task: id, attempt, review }];
  });
  return [...tasks, ...endActions];
}

/** The try ended, and nobody knows whether it had its effect: a person has to look. */
export function requestReview(
  d: Deciding,
  { stage, task }: { stage: StageRun; task: TaskRun },
  { error, usage, inputDigest = null }: Extract<RunReport, { type: 'task-failed' }>,
): void {
  const about = { stage: stage.id, round: stage.round, task: task.id, attempt: task.attempt };
  d.emit({ type: 'review.requested', ...about, error, usage, inputDigest });
}

/** A person found out what became of it. */
export function resolve(d: Deciding, verb: Resolve): void {
  if (verb.comment !== undefined) checkText(d, 'comment', verb.comment);
  const index = endActionIndex(verb.task);
  if (index !== null) return resolveEndAction(d, verb, index);
  const { planned, stage } = knownStage(d, stageIdOf(verb.task));
  const task = taskOf(stage, verb.task);
  if (task === undefined) throw refuse.unknownTask(d.run.state, stage.id, verb.task);
  const review = openReview(d, verb, task);
  const about = { stage: stage.id, round: stage.round, task: task.id, attempt: task.attempt };
  const { actor, outcome, comment = null } = verb;
  d.emit({ type: 'review.resolved', ...about, actor, outcome, comment });
  if (outcome === 'repeat') return;
  if (outcome === 'fail') {
    d.emit({ type: 'task.failed', ...about, error: review.error, usage: null, retryAt: null });
    return isOpen(d, stage.id) ? failStage(d, stage.id, review.error) : undefined;
  }
  const { inputDigest } = review;
  const given = { output: verb.output ?? null, artifacts: [], usage: null, inputDigest, reused: false };
  d.emit({ type: 'task.completed', ...about, ...given });
  if (isOpen(d, stage.id) && d.stage(stage.id).tally.left === 0) settle(d, planned);
}

/** A stage that waited for the answer alone goes on from it, also in a run that failed elsewhere. */
function isOpen(d: Deciding, id: StageId): boolean {
  const { state } = d.stage(id);
  return state === 'running' || state === 'input_pending';
}

function resolveEndAction(d: Deciding, verb: Resolve, index: number): void {
  const action = d.run.endActions[index];
  if (action === undefined) throw refuse.unknownTask(d.run.state, verb.task, verb.task);
  const { error } = openReview(d, verb, action);
  const { actor, attempt, outcome, comment = null } = verb;
  d.emit({ type: 'end-action.resolved', index, attempt, actor, outcome, comment });
  if (outcome === 'repeat') startEndAction(d, index);
  else if (outcome === 'done') d.emit({ type: 'end-action.completed', index, output: verb.output ?? null });
  else d.emit({ type: 'end-action.failed', index, error, retryAt: null });
}

/** A review that is there, of the attempt that the person looked at. */
function openReview(d: Deciding, verb: Resolve, { review, attempt }: TaskRun | EndActionRun): Review {
  if (review !== null && attempt === verb.attempt) return review;
  const message =
    review === null
      ? `The outcome of ${verb.task} is not in doubt.`
      : `It is attempt ${attempt} of ${verb.task} that is in doubt, not ${verb.attempt}.`;
  throw refuse.conflict(verb.type, d.run.state, message, 'Load the run again to see what it waits for.');
}
