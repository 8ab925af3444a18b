import type { PlannedStage } from '../template/plan.ts';
import type { Failure, TaskId, WorkerId } from '../vocabulary.ts';
import { queue, settle } from './advance.ts';
import { retryAt } from './backoff.ts';
import type { Deciding } from './deciding.ts';
import { endActionRetryDue } from './end-actions.ts';
import type { RunReport, Timer } from './event.ts';
import { OUTCOME_UNKNOWN, failStage, finalFailure } from './failing.ts';
import { deadlineDue } from './gate.ts';
import { requestReview } from './review.ts';
import { hasEnded, stageIdOf, taskOf } from './run-parts.ts';
import type { StageRun, TaskRun } from './run.ts';

/** A task whose process ended this often in a row while it worked on it fails instead of being taken up again. */
export const MAX_INTERRUPTIONS = 3;

type Report<T extends RunReport['type']> = Extract<RunReport, { type: T }>;
interface Working {
  planned: PlannedStage;
  stage: StageRun;
  task: TaskRun;
}

export function taskStarted(d: Deciding, report: Report<'task-started'>): void {
  const working = presentTask(d, report);
  if (working?.task.state === 'queued') start(d, working, report.worker);
}

/** A task that ends the process of whoever works on it is not handed to one process after the other. */
export function taskInterrupted(d: Deciding, report: Report<'task-interrupted'>): void {
  const working = presentTask(d, report);
  if (working?.task.state !== 'processing') return;
  const { stage, task } = working;
  const about = { stage: stage.id, round: stage.round, task: task.id, attempt: task.attempt };
  const times = task.work.interruptions + 1;
  d.emit({ type: 'task.interrupted', ...about, worker: report.worker });
  if (times < MAX_INTERRUPTIONS) return;
  const error = taskQuarantined(task.id);
  d.emit({ type: 'task.failed', ...about, error, usage: null, retryAt: null });
  failStage(d, stage.id, stageFailure(stage, task, error));
}

function taskQuarantined(task: TaskId): Failure {
  return finalFailure(
    'TASK_QUARANTINED',
    `The process ended ${MAX_INTERRUPTIONS} times in a row while it worked on task "${task}".`,
    'Find out from the log what ended it; then retry the run, which makes the task again.',
  );
}

/** Given back by a worker that stops: nothing of it counts against the task. */
export function taskReleased(d: Deciding, report: Report<'task-released'>): void {
  const working = heldTask(d, report);
  if (working?.task.state !== 'processing') return;
  const { stage, task } = working;
  const { id, attempt } = task;
  d.emit({ type: 'task.released', stage: stage.id, round: stage.round, task: id, attempt });
  d.command({ type: 'execute', task: id, attempt });
}

export function toolCalled(d: Deciding, report: Report<'tool-called'>): void {
  const working = heldTask(d, report);
  if (working?.task.state !== 'processing') return;
  const { stage, task } = working;
  const about = { stage: stage.id, round: stage.round, task: task.id, attempt: task.attempt };
  const turn = report.turn === undefined ? {} : { turn: report.turn };
  d.emit({ type: 'tool.called', ...about, tool: report.tool, ...turn });
}

export function toolAnswered(d: Deciding, report: Report<'tool-answered'>): void {
  const working = heldTask(d, report);
  if (working?.task.state !== 'processing') return;
  const { stage, task } = working;
  const about = { stage: stage.id, round: stage.round, task: task.id, attempt: task.attempt };
  d.emit({ type: 'tool.answered', ...about, answer: report.answer });
}

export function taskSucceeded(d: Deciding, report: Report<'task-succeeded'>): void {
  const working = heldTask(d, report);
  if (working === undefined) return;
  const { planned, stage } = working;
  start(d, working, report.worker);
  const { task, attempt, output, artifacts, usage, inputDigest, reused } = report;
  const about = { stage: stage.id, round: stage.round, task, attempt };
  d.emit({ type: 'task.completed', ...about, output, artifacts, usage, inputDigest, reused });
  if (d.stage(stage.id).tally.left === 0) settle(d, planned);
}

export function taskFailed(d: Deciding, report: Report<'task-failed'>): void {
  const working = heldTask(d, report);
  if (working === undefined) return;
  const { planned, stage, task } = working;
  start(d, working, report.worker);
  const { attempt, error, usage } = report;
  if (error.code === OUTCOME_UNKNOWN) return requestReview(d, { stage, task }, report);
  const failed = { run: d.run.id, work: task.id, attempt, tries: task.tries, error };
  const at = retryAt(planned.retry, failed, d.now);
  const about = { stage: stage.id, round: stage.round, task: task.id, attempt };
  d.emit({ type: 'task.failed', ...about, error, usage, retryAt: at });
  if (at === null) return failStage(d, stage.id, stageFailure(stage, task, error));
  if (d.run.state !== 'paused') {
    d.command({ type: 'set-timer', timer: { kind: 'retry', task: task.id, attempt, at } });
  }
}

function stageFailure(stage: StageRun, task: TaskRun, error: Failure): Failure {
  return stage.items === null ? error : { ...error, details: { ...error.details, task: task.id } };
}

/** A worker may report the end of an attempt without its start: the start is then recorded with it. */
function start(d: Deciding, { stage, task }: Working, worker: WorkerId): void {
  if (task.state !== 'queued') return;
  const about = { stage: stage.id, round: stage.round, task: task.id, attempt: task.attempt };
  d.emit({ type: 'task.started', ...about, worker });
}

/** The task as the worker that reports still holds it; undefined when another one took it meanwhile. */
function heldTask(
  d: Deciding,
  report: { task: TaskId; attempt: number; fence: number },
): Working | undefined {
  const working = presentTask(d, report);
  return working?.task.work.fence === report.fence ? working : undefined;
}

/** The task whose present attempt the report is about; undefined when the report comes too late. */
function presentTask(d: Deciding, report: { task: TaskId; attempt: number }): Working | undefined {
  if (hasEnded(d.run)) return undefined;
  const planned = d.planned(stageIdOf(report.task));
  if (planned === undefined || planned.mode === 'manual') return undefined;
  const stage = d.stage(planned.id);
  const task = taskOf(stage, report.task);
  if (task === undefined || task.attempt !== report.attempt) return undefined;
  return task.state === 'queued' || task.state === 'processing' ? { planned, stage, task } : undefined;
}

/** A timer that comes before its time, or for something that is decided already, changes nothing. */
export function timerFired(d: Deciding, timer: Timer): void {
  if (d.now < timer.at) return;
  switch (timer.kind) {
    case 'retry':
      return retryDue(d, timer);
    case 'deadline':
      return hasEnded(d.run) ? undefined : deadlineDue(d, timer);
    case 'end-action-retry':
      return endActionRetryDue(d, timer);
  }
}

function retryDue(d: Deciding, timer: Extract<Timer, { kind: 'retry' }>): void {
  if (hasEnded(d.run) || d.run.state === 'paused') return;
  const planned = d.planned(stageIdOf(timer.task));
  if (planned === undefined) return;
  const task = taskOf(d.stage(planned.id), timer.task);
  if (task?.state !== 'pending' || task.retryAt !== timer.at || task.attempt !== timer.attempt) return;
  queue(d, planned.id, task);
}
