import type { Retry } from '../template/plan.ts';
import type { Failure, Json, WorkerId } from '../vocabulary.ts';
import { retryAt } from './backoff.ts';
import type { Deciding } from './deciding.ts';
import { holds } from './conditions.ts';
import type { Timer } from './event.ts';
import { OUTCOME_UNKNOWN } from './failing.ts';

/** End actions have their own patience: what they call is often down for a while, and nobody waits for them. */
const END_ACTION_RETRY: Retry = { attempts: 5, delayMs: 5_000, maxDelayMs: 300_000 };

/** After `run.completed`: all of them begin at once. How they end does not change that the run is done. */
export function startEndActions(d: Deciding): void {
  for (const [index, action] of d.plan.onComplete.entries()) {
    const verdict = holds(action.if, d.plan, d.run);
    if (verdict === true) startEndAction(d, index);
    else if (verdict === false) d.emit({ type: 'end-action.skipped', index });
    else d.emit({ type: 'end-action.failed', index, error: verdict, retryAt: null });
  }
}

/** The end action as work of its run, and as what a person resolves. */
export function endActionId(index: number): string {
  return `end-action:${index}`;
}

/** Which end action it is; null for a task. */
export function endActionIndex(work: string): number | null {
  const found = /^end-action:(\d{1,6})$/.exec(work);
  return found === null ? null : Number(found[1]);
}

export function startEndAction(d: Deciding, index: number): void {
  const { uses, attempt } = d.run.endActions[index]!;
  d.emit({ type: 'end-action.started', index, uses, attempt: attempt + 1 });
  d.command({ type: 'execute-end-action', index, attempt: attempt + 1 });
}

interface Hold {
  index: number;
  attempt: number;
  fence: number;
}

/** A worker begins it, or takes it up after one that is gone. Written before the action is called. */
export function endActionTaken(
  d: Deciding,
  report: { index: number; attempt: number; worker: WorkerId },
): void {
  if (!isUnderWay(d, report)) return;
  const { index, attempt, worker } = report;
  d.emit({ type: 'end-action.taken', index, attempt, worker });
}

export function endActionSucceeded(d: Deciding, report: Hold & { output: Json }): void {
  if (!isHeld(d, report)) return;
  d.emit({ type: 'end-action.completed', index: report.index, output: report.output });
}

export function endActionFailed(d: Deciding, report: Hold & { error: Failure }): void {
  if (!isHeld(d, report)) return;
  const { index, attempt, error } = report;
  if (error.code === OUTCOME_UNKNOWN) return d.emit({ type: 'end-action.doubted', index, attempt, error });
  const { tries } = d.run.endActions[index]!;
  const at = retryAt(
    END_ACTION_RETRY,
    { run: d.run.id, work: endActionId(index), attempt, tries, error },
    d.now,
  );
  d.emit({ type: 'end-action.failed', index, error, retryAt: at });
  if (at !== null) d.command({ type: 'set-timer', timer: { kind: 'end-action-retry', index, attempt, at } });
}

export function endActionRetryDue(d: Deciding, timer: Extract<Timer, { kind: 'end-action-retry' }>): void {
  const action = d.run.endActions[timer.index];
  if (d.run.state !== 'done' || action?.state !== 'pending') return;
  if (action.attempt !== timer.attempt || action.retryAt !== timer.at) return;
  startEndAction(d, timer.index);
}

function isUnderWay(d: Deciding, report: { index: number; attempt: number }): boolean {
  const action = d.run.endActions[report.index];
  return d.run.state === 'done' && action?.state === 'processing' && action.attempt === report.attempt;
}

function isHeld(d: Deciding, report: Hold): boolean {
  return isUnderWay(d, report) && d.run.endActions[report.index]?.fence === report.fence;
}
