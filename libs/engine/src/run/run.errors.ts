import { StagewrightError } from '../errors/stagewright-error.ts';
import type { Actor, Instant, JsonObject, RunState, StageId, StageState, TaskId } from '../vocabulary.ts';
import type { VerbName } from './event.ts';

export type RefusalCode =
  /** The verb does not apply in the present state. `details`: `{verb, state}`, and of a stage `{stage, stageState}`. */
  | 'STATE_CONFLICT'
  /** The decision is about another round than the present one. `details`: `{state, stage, round, decidedBy?, decidedAt?}`. */
  | 'APPROVAL_STALE'
  /** The actor may not decide on this stage. */
  | 'APPROVAL_FORBIDDEN'
  /** The stage is in its last round: it can be approved, but not sent back. */
  | 'APPROVAL_EXHAUSTED'
  | 'RUN_UNKNOWN_STAGE'
  | 'RUN_UNKNOWN_TASK'
  /** The request itself is wrong, whatever the state. */
  | 'INPUT_INVALID';

/** Something asked of a run that is not done. The run is as it was. */
export class RunRefused extends StagewrightError {
  declare readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string, facts: { hint?: string; details: JsonObject }) {
    super(code, message, facts);
  }
}

const STATE_WORDS: Record<RunState, string> = {
  draft: 'a draft that has not been started',
  running: 'running',
  approval_pending: 'waiting for an approval',
  input_pending: 'waiting for a person',
  paused: 'paused',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** Who decided, and when: told to whoever came too late. */
export interface Decided {
  by: Actor;
  at: Instant;
}

export function verbDoesNotApply(
  verb: VerbName,
  state: RunState,
  allowed: readonly RunState[],
  decided: Decided | null,
): RunRefused {
  return new RunRefused(
    'STATE_CONFLICT',
    `The run is ${STATE_WORDS[state]}: "${verb}" does not apply.${whoDecided(decided)}`,
    {
      hint: `"${verb}" applies to a run in: ${allowed.join(', ')}.`,
      details: { verb, state, ...decisionDetails(decided) },
    },
  );
}

export function stageDoesNotWait(
  about: { verb: VerbName; state: RunState; stage: StageId; stageState: StageState },
  decided: Decided | null,
): RunRefused {
  return new RunRefused(
    'STATE_CONFLICT',
    `Stage "${about.stage}" is ${about.stageState}: "${about.verb}" does not apply to it.${whoDecided(decided)}`,
    {
      hint: 'Load the run again to see what it waits for.',
      details: { ...about, ...decisionDetails(decided) },
    },
  );
}

function whoDecided(decided: Decided | null): string {
  return decided === null ? '' : ` ${decided.by.kind} "${decided.by.id}" decided at ${decided.at}.`;
}

function decisionDetails(decided: Decided | null): JsonObject {
  if (decided === null) return {};
  return { decidedBy: { kind: decided.by.kind, id: decided.by.id }, decidedAt: decided.at };
}

/** For conflicts with a reason of their own. */
export function conflict(verb: VerbName, state: RunState, message: string, hint: string): RunRefused {
  return new RunRefused('STATE_CONFLICT', message, { hint, details: { verb, state } });
}

/** `decided` is who ended the round that the decision is about, if a person did. */
export function decisionIsStale(
  { state, stage, seen, present }: { state: RunState; stage: StageId; seen: number; present: number },
  decided: Decided | null,
): RunRefused {
  return new RunRefused(
    'APPROVAL_STALE',
    `The decision is about round ${seen} of stage "${stage}"; the present round is ${present}.${whoDecided(decided)}`,
    {
      hint: 'Look at the present round and decide again.',
      details: { state, stage, round: present, ...decisionDetails(decided) },
    },
  );
}

export function notAnApprover(state: RunState, stage: StageId, approvers: string[]): RunRefused {
  return new RunRefused(
    'APPROVAL_FORBIDDEN',
    `Only ${approvers.join(', ')} may decide on stage "${stage}".`,
    {
      hint: 'Ask one of the approvers.',
      details: { state, stage, approvers },
    },
  );
}

export function noSelfApproval(state: RunState, stage: StageId): RunRefused {
  return new RunRefused('APPROVAL_FORBIDDEN', `Whoever started a run may not approve its stage "${stage}".`, {
    hint: 'Ask somebody else to approve, or set `selfApproval: true` in the template.',
    details: { state, stage },
  });
}

export function alreadyApproved(state: RunState, stage: StageId, decided: Decided): RunRefused {
  return new RunRefused('STATE_CONFLICT', `You approved stage "${stage}" already, at ${decided.at}.`, {
    hint: 'The quorum needs another person.',
    details: { verb: 'approve', state, stage, ...decisionDetails(decided) },
  });
}

export function lastRound(state: RunState, stage: StageId, maxAttempts: number): RunRefused {
  return new RunRefused(
    'APPROVAL_EXHAUSTED',
    `Stage "${stage}" is in the last of its ${maxAttempts} rounds: it cannot be sent back again.`,
    {
      hint: 'Approve it, cancel the run, or raise `approval.maxAttempts` and upgrade.',
      details: { state, stage, round: maxAttempts },
    },
  );
}

export function unknownStage(state: RunState, stage: StageId, known: StageId[]): RunRefused {
  return new RunRefused('RUN_UNKNOWN_STAGE', `The run has no stage "${stage}".`, {
    hint: `Its stages: ${known.join(', ')}.`,
    details: { state, stage },
  });
}

export function unknownTask(state: RunState, stage: StageId, task: TaskId): RunRefused {
  return new RunRefused('RUN_UNKNOWN_TASK', `Stage "${stage}" has no task "${task}".`, {
    hint: 'A task is named `<stage>`, or `<stage>/<index>` for an item of `forEach`, counted from 0.',
    details: { state, stage, task },
  });
}

export function wrongRequest(
  state: RunState,
  message: string,
  hint: string,
  details: JsonObject = {},
): RunRefused {
  return new RunRefused('INPUT_INVALID', message, { hint, details: { state, ...details } });
}

/** A journal that no sequence of decisions gives: facts lost, doubled or out of order. */
export function journalIsBroken(message: string): StagewrightError {
  return new StagewrightError('RUN_JOURNAL_BROKEN', message, {
    hint: 'The stored journal of this run was changed or is incomplete; restore it from a backup.',
  });
}

/** The caller took another plan than the run's lock names. */
export function planDoesNotFit(stage: StageId): StagewrightError {
  return new StagewrightError(
    'RUN_PLAN_MISMATCH',
    `The plan has a stage "${stage}", which the run does not have.`,
    {
      hint: 'Decide with the plan whose digest the lock of the run names.',
    },
  );
}
