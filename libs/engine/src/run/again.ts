import type { Actor, StageId } from '../vocabulary.ts';
import { isOverBudget } from './advance.ts';
import type { Deciding } from './deciding.ts';
import type { RunVerb } from './event.ts';
import { outlineOf } from './outline.ts';
import { knownStage } from './requests.ts';
import { openReviews } from './review.ts';
import * as refuse from './run.errors.ts';
import type { StageRun } from './run.ts';
import { setTimers } from './verbs.ts';

type Verb<T extends RunVerb['type']> = Extract<RunVerb, { type: T }>;

/** Failed and stopped stages get another round, in which only what is not done is made again. */
export function retry(d: Deciding, verb: Verb<'retry'>): void {
  refuseWithoutBudget(d, verb);
  const stopped = stoppedStages(d);
  if (stopped.length === 0) {
    const hint = 'Rerun it from a stage, or upgrade it to a revision in which this is mended.';
    throw refuse.conflict(
      verb.type,
      d.run.state,
      'No stage of the run failed: the run failed as a whole.',
      hint,
    );
  }
  for (const id of stopped) reset(d, id, 'retry', verb.actor);
  setTimers(d);
}

/** The stage and all that depends on it begin anew. What failed elsewhere is retried, else the run could not go on. */
export function rerun(d: Deciding, verb: Verb<'rerun'>): void {
  const { stage } = knownStage(d, verb.from);
  refuseWhileBusy(d, verb);
  refuseInDoubt(d, verb);
  refuseWithoutBudget(d, verb);
  if (stage.state === 'pending' || stage.state === 'ready') {
    const message = `Stage "${stage.id}" has not run yet.`;
    throw refuse.conflict(verb.type, d.run.state, message, 'Rerun from a stage that has run.');
  }
  const anew = withDependents(d, verb.from);
  const stopped = stoppedStages(d);
  for (const { id } of d.plan.stages) {
    if (anew.has(id)) resetIfTouched(d, id, 'rerun', verb.actor);
    else if (stopped.includes(id)) reset(d, id, 'retry', verb.actor);
  }
  setTimers(d);
}

/** Goes on under another plan, the one given to `decide`. What did not change in it is reused when it is executed. */
export function upgrade(d: Deciding, verb: Verb<'upgrade'>): void {
  refuseWhileBusy(d, verb);
  refuseInDoubt(d, verb);
  d.emit({ type: 'run.upgraded', lock: verb.lock, actor: verb.actor, outline: outlineOf(d.plan) });
  refuseWithoutBudget(d, verb);
  for (const { id } of d.plan.stages) resetIfTouched(d, id, 'upgrade', verb.actor);
}

function reset(d: Deciding, stage: StageId, reason: 'retry' | 'rerun' | 'upgrade', actor: Actor): void {
  d.emit({ type: 'stage.reset', stage, round: d.stage(stage).round + 1, reason, actor });
}

/** A stage that never began has nothing to make again and keeps its round. */
function resetIfTouched(d: Deciding, id: StageId, reason: 'rerun' | 'upgrade', actor: Actor): void {
  const { state, tally } = d.stage(id);
  if (state !== 'pending' || tally.left < tally.total) reset(d, id, reason, actor);
}

function stoppedStages(d: Deciding): StageId[] {
  const stopped = ({ state }: StageRun): boolean => state === 'failed' || state === 'cancelled';
  return d.plan.stages.filter(({ id }) => stopped(d.stage(id))).map(({ id }) => id);
}

function withDependents(d: Deciding, from: StageId): Set<StageId> {
  const found = new Set([from]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const { id, needs } of d.plan.stages) {
      if (needs.some((need) => found.has(need))) found.add(id);
    }
  }
  return found;
}

/** A stage at work would be pulled from under its worker. Forms that wait for people may go. */
function refuseWhileBusy(d: Deciding, verb: Verb<'rerun' | 'upgrade'>): void {
  const stages = Object.values(d.run.stages).filter(
    ({ state, tally }) => state === 'running' && tally.active > 0,
  );
  const busy = [
    ...stages.map(({ id }) => id),
    ...d.run.endActions.filter(({ state }) => state === 'processing').map(({ uses }) => uses),
  ];
  if (busy.length === 0) return;
  const message = `Work is under way: ${busy.join(', ')}.`;
  throw refuse.conflict(verb.type, d.run.state, message, 'Wait until it has ended, then ask again.');
}

/** To begin anew what may have happened would be to repeat it without a word. */
function refuseInDoubt(d: Deciding, verb: Verb<'rerun' | 'upgrade'>): void {
  const open = openReviews(d.run).map(({ task }) => task);
  if (open.length === 0) return;
  const message = `Nobody knows whether these had their effect: ${open.join(', ')}.`;
  throw refuse.conflict(verb.type, d.run.state, message, 'Find out, and resolve them first.');
}

/** Under a budget that fails the run, another round would fail before it began. */
function refuseWithoutBudget(d: Deciding, verb: Verb<'retry' | 'rerun' | 'upgrade'>): void {
  if (d.plan.budget?.onExceed !== 'fail' || !isOverBudget(d)) return;
  const message = `The run spent its budget of ${d.plan.budget.usd} USD.`;
  const hint = 'Raise `budget.usd` in the template and upgrade the run to that revision.';
  throw refuse.conflict(verb.type, d.run.state, message, hint);
}
