import { evaluateValue } from '../expression/index.ts';
import type { Gate, PlannedStage } from '../template/plan.ts';
import type { Actor, JsonObject, StageId } from '../vocabulary.ts';
import { later } from './backoff.ts';
import { expressionFailure, holds, itemsOf } from './conditions.ts';
import type { Deciding } from './deciding.ts';
import { startEndActions } from './end-actions.ts';
import { failRun, failStage, finalFailure } from './failing.ts';
import { gatheredOutput } from './fold-stage.ts';
import { hasEnded } from './run-parts.ts';
import type { StageRun, TaskRun } from './run.ts';
import { scopeFor } from './scope.ts';
import { answerStands, isSignedOff } from './sign-off.ts';

/** Acts where no person does: the budget that pauses a run. */
const SYSTEM: Actor = { kind: 'system', id: 'engine' };

/** Starts everything that may start now, and ends the run when nothing is left. Every decision ends with it. */
export function advance(d: Deciding): void {
  if (!mayGoOn(d) || stopsForBudget(d)) return;
  let moved = true;
  while (moved) {
    moved = false;
    for (const stage of d.plan.stages) {
      if (advanceStage(d, stage)) moved = true;
      if (!mayGoOn(d)) return;
    }
  }
  if (d.plan.stages.every(({ id }) => isSettled(d.stage(id)))) complete(d);
}

function mayGoOn(d: Deciding): boolean {
  return !hasEnded(d.run) && d.run.state !== 'paused' && d.run.state !== 'draft';
}

/** Whether the stage ended its wait, so that others may now start too. */
function advanceStage(d: Deciding, planned: PlannedStage): boolean {
  const { state } = d.stage(planned.id);
  if (state === 'running') dispatch(d, planned);
  if (state !== 'pending' || !planned.needs.every((need) => isSettled(d.stage(need)))) return false;
  if (planned.needs.some((need) => holdsFollowers(d, need))) {
    d.emit({ type: 'stage.ready', stage: planned.id, round: d.stage(planned.id).round });
    return false;
  }
  begin(d, planned);
  return true;
}

function isSettled(stage: StageRun): boolean {
  return stage.state === 'done' || stage.state === 'skipped';
}

/** `advance: manual`: what follows the stage waits for "next stage". A stage that was skipped holds nobody back. */
function holdsFollowers(d: Deciding, need: StageId): boolean {
  return d.stage(need).state === 'done' && d.planned(need)?.advance === 'manual';
}

/** Begins a round of a stage whose needs are met. */
export function begin(d: Deciding, planned: PlannedStage): void {
  const { id } = planned;
  const verdict = holds(planned.if, d.plan, d.run);
  if (verdict === false) return d.emit({ type: 'stage.skipped', stage: id });
  if (verdict !== true) return failStage(d, id, verdict);
  const items = itemsOf(planned, d.plan, d.run);
  if (items !== null && !Array.isArray(items)) return failStage(d, id, items);
  d.emit({ type: 'stage.started', stage: id, round: d.stage(id).round, items });
  if (d.stage(id).tally.left === 0) settle(d, planned);
  else dispatch(d, planned);
}

/** Queues as many tasks as `concurrency` lets; of a manual stage, asks for everything at once: a form costs nothing. */
export function dispatch(d: Deciding, planned: PlannedStage): void {
  const { id } = planned;
  // Where one outcome is in doubt, no more are risked before a person has looked.
  if (d.stage(id).tally.reviews > 0) return;
  const places = planned.mode === 'manual' ? Infinity : (planned.forEach?.concurrency ?? 1);
  for (;;) {
    const stage = d.stage(id);
    if (stage.tally.active + stage.tally.waiting >= places) return;
    const task = nextTask(stage);
    if (task === undefined) return;
    if (planned.mode === 'manual') ask(d, planned, task);
    else queue(d, id, task);
  }
}

/** Asks a person for a form, unless what they answered before still stands. */
function ask(d: Deciding, planned: Extract<PlannedStage, { mode: 'manual' }>, task: TaskRun): void {
  const about = { stage: planned.id, round: d.stage(planned.id).round, task: task.id };
  if (task.last === null || !answerStands(d, planned, task))
    return d.emit({ type: 'input.requested', ...about });
  const { attempt: from, output, artifacts, inputDigest } = task.last;
  const attempt = task.attempt + 1;
  d.emit({ type: 'input.kept', ...about, attempt, from });
  d.emit({
    type: 'task.completed',
    ...about,
    attempt,
    output,
    artifacts,
    usage: null,
    inputDigest,
    reused: true,
  });
  if (d.stage(planned.id).tally.left === 0) settle(d, planned);
}

function nextTask(stage: StageRun): TaskRun | undefined {
  const { left, active, waiting, next, total } = stage.tally;
  if (left === active + waiting) return undefined;
  for (let position = next; position < total; position++) {
    const task = stage.tasks[position]!;
    if (task.state === 'pending' && task.retryAt === null) return task;
  }
  return undefined;
}

/** The next attempt of a task. */
export function queue(d: Deciding, stage: StageId, task: TaskRun): void {
  const attempt = task.attempt + 1;
  d.emit({ type: 'task.queued', stage, round: d.stage(stage).round, task: task.id, attempt });
  d.command({ type: 'execute', task: task.id, attempt });
}

/** All tasks of the round are done: the gate opens, or the stage is complete. What people approved of before stands. */
export function settle(d: Deciding, planned: PlannedStage): void {
  const { approval: gate } = planned;
  if (gate === null) return completeStage(d, planned);
  const stage = d.stage(planned.id);
  if (stage.signedOff === null || !isSignedOff(d, stage, gate, gatheredOutput(stage)))
    return requestApproval(d, planned.id, gate);
  d.emit({ type: 'approval.kept', stage: stage.id, round: stage.round, from: stage.signedOff.round });
  completeStage(d, planned);
}

function requestApproval(d: Deciding, stage: StageId, gate: Gate): void {
  const { round } = d.stage(stage);
  const deadline = gate.deadlineMs === null ? null : later(d.now, gate.deadlineMs);
  d.emit({ type: 'approval.requested', stage, round, deadline });
  if (deadline !== null && gate.onDeadline !== null) {
    d.command({ type: 'set-timer', timer: { kind: 'deadline', stage, round, at: deadline } });
  }
}

/** `final: true` ends the run here: what has not begun is skipped, what is under way comes to its end. */
export function completeStage(d: Deciding, planned: PlannedStage): void {
  const stage = d.stage(planned.id);
  d.emit({ type: 'stage.completed', stage: stage.id, round: stage.round, output: gatheredOutput(stage) });
  if (!planned.final) return;
  for (const { id } of d.plan.stages) {
    const { state } = d.stage(id);
    if (state === 'pending' || state === 'ready') d.emit({ type: 'stage.skipped', stage: id });
  }
}

function complete(d: Deciding): void {
  const outputs: JsonObject = {};
  try {
    const names = Object.entries(d.plan.outputs);
    const scope = names.length === 0 ? undefined : scopeFor(d.plan, d.run);
    for (const [name, value] of names) outputs[name] = evaluateValue(value, scope!);
  } catch (error) {
    return failRun(d, expressionFailure(error, 'OUTPUT_EXPRESSION_FAILED'), null);
  }
  d.emit({ type: 'run.completed', outputs });
  startEndActions(d);
}

/** Whether more is spent than the budget allows; false without a budget. */
export function isOverBudget(d: Deciding): boolean {
  return d.run.budgetUsd !== null && (d.run.spent.usd ?? 0) > d.run.budgetUsd;
}

function stopsForBudget(d: Deciding): boolean {
  if (!isOverBudget(d)) return false;
  const usd = d.run.budgetUsd!;
  const spent = d.run.spent.usd ?? 0;
  d.emit({ type: 'budget.exceeded', usd, spent });
  if (d.plan.budget?.onExceed === 'fail') {
    const message = `The run spent ${spent.toFixed(4)} USD; its budget is ${usd} USD.`;
    failRun(
      d,
      finalFailure('BUDGET_EXCEEDED', message, 'Raise `budget.usd` in the template and upgrade the run.'),
      null,
    );
  } else {
    d.emit({ type: 'run.paused', actor: SYSTEM, reason: 'budget' });
  }
  return true;
}
