import type { PlannedStage } from '../template/plan.ts';
import type { RunState, StageId } from '../vocabulary.ts';
import type { Deciding } from './deciding.ts';
import type { RunVerb, VerbName } from './event.ts';
import * as refuse from './run.errors.ts';
import type { StageRun } from './run.ts';

/** Longest comment or reason, in UTF-16 code units. */
export const MAX_TEXT = 10_000;

/**
 * Run states in which a verb may apply. Where it is about a stage, that stage must wait for it too: in a run that is
 * `running` or `paused` another branch may wait for people.
 */
export const VERB_STATES: Readonly<Record<VerbName, readonly RunState[]>> = {
  start: ['draft'],
  approve: ['running', 'approval_pending', 'paused'],
  'request-changes': ['running', 'approval_pending', 'paused'],
  'submit-input': ['running', 'approval_pending', 'input_pending', 'paused'],
  'next-stage': ['running', 'approval_pending', 'input_pending'],
  pause: ['running', 'approval_pending', 'input_pending'],
  resume: ['paused'],
  cancel: ['draft', 'running', 'approval_pending', 'input_pending', 'paused'],
  resolve: ['running', 'approval_pending', 'input_pending', 'paused', 'done', 'failed'],
  retry: ['failed'],
  rerun: ['approval_pending', 'input_pending', 'paused', 'done', 'failed'],
  upgrade: ['approval_pending', 'input_pending', 'paused', 'done', 'failed'],
};

export interface WaitingStage {
  planned: PlannedStage;
  stage: StageRun;
}

/** Refuses a verb that does not apply to a run in this state. */
export function checkVerb(d: Deciding, verb: RunVerb): void {
  const allowed = VERB_STATES[verb.type];
  if (allowed.includes(d.run.state)) return;
  const decided = 'stage' in verb && verb.stage !== undefined ? lastDecision(d, verb.stage) : null;
  throw refuse.verbDoesNotApply(verb.type, d.run.state, allowed, decided);
}

/** The stage by name, or a refusal. */
export function knownStage(d: Deciding, id: StageId): WaitingStage {
  const planned = d.planned(id);
  if (planned === undefined) {
    throw refuse.unknownStage(
      d.run.state,
      id,
      d.plan.stages.map((stage) => stage.id),
    );
  }
  return { planned, stage: d.stage(id) };
}

/** The stage by name, waiting in the given state, or a refusal that says who decided meanwhile. */
export function waitingStage(
  d: Deciding,
  verb: RunVerb,
  id: StageId,
  state: 'approval_pending' | 'input_pending' | 'ready',
): WaitingStage {
  const found = knownStage(d, id);
  if (found.stage.state === state) return found;
  const about = { verb: verb.type, state: d.run.state, stage: id, stageState: found.stage.state };
  throw refuse.stageDoesNotWait(about, lastDecision(d, id));
}

function lastDecision(d: Deciding, id: StageId): refuse.Decided | null {
  if (d.planned(id) === undefined) return null;
  const { approval, changes } = d.stage(id);
  const last = approval?.given.at(-1) ?? changes.at(-1);
  return last === undefined ? null : { by: last.actor, at: last.at };
}

/** Text that people write: there, and of bounded length. */
export function checkText(d: Deciding, where: string, text: string): void {
  const { state } = d.run;
  if (text.trim() === '')
    throw refuse.wrongRequest(state, `${where} is empty.`, 'Write something, or leave it out.');
  if (text.length > MAX_TEXT) {
    const message = `${where} has ${text.length} characters; at most ${MAX_TEXT} are taken.`;
    throw refuse.wrongRequest(state, message, 'Make it shorter.');
  }
}
