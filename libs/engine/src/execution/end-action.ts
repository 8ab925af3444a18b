import { AttemptLog } from './attempt-record.ts';
import { callAction, mayRepeatCall } from './action-call.ts';
import { keyOf } from './task.ts';
import { cutJson } from './bounds.ts';
import { evaluateWith } from './system-task.ts';
import { actionOutcomeUnknown, taskTimeout } from './execution.errors.ts';
import { withinTime } from './within-time.ts';
import { toFailure } from '../errors/stagewright-error.ts';
import { scopeFor } from '../run/index.ts';
import { grantsForEndAction } from '../template/end-action-scopes.ts';
import type { EndActionAssignment } from './assignment.ts';
import type { Done, TaskDesk, Try } from './task.ts';
import type { UnderWay } from './work-desk.ts';
import type { Plan } from '../template/plan.ts';
import type { Json, JsonObject } from '../vocabulary.ts';

/** Longest time of one try at an end action, in milliseconds. */
const END_ACTION_TIMEOUT_MS = 60_000;

/** Makes one try at an end action of a run and says how it went. Never throws. */
export async function executeEndAction(
  desk: TaskDesk,
  assignment: EndActionAssignment,
  underWay: UnderWay,
): Promise<Done> {
  const { index, attempt, work, fence } = assignment;
  const { clock } = desk.ports;
  const log = new AttemptLog({ stage: work, round: 1, task: work, attempt }, clock.now());
  underWay.record = () => log.now();
  try {
    const { uses } = assignment.action;
    const repeats = mayRepeatCall(desk.ports.actions, uses, () => inputOf(assignment));
    if (assignment.resumed && !repeats) throw actionOutcomeUnknown(uses);
    const error = () => (repeats ? taskTimeout(work, END_ACTION_TIMEOUT_MS) : actionOutcomeUnknown(uses));
    const limit = { name: work, ms: END_ACTION_TIMEOUT_MS, error };
    const output = await withinTime(clock, limit, underWay.abort.signal, (signal) =>
      callEndAction({ desk, log, signal, idempotencyKey: () => keyOf(assignment, 1) }, assignment),
    );
    return {
      report: { type: 'end-action-succeeded', index, attempt, fence, output },
      record: log.succeeded(clock.now()),
    };
  } catch (cause) {
    const error = toFailure(cause);
    return {
      report: { type: 'end-action-failed', index, attempt, fence, error },
      record: log.failed(error, clock.now()),
    };
  }
}

/** What the template grants, and what an end action may do by a grant of the same family. */
function grantedTo(uses: string, plan: Plan, one: Try): string[] {
  const scopes = one.desk.ports.actions.action(uses)?.scopes ?? [];
  return [
    ...plan.permissions,
    ...scopes.filter((scope) => grantsForEndAction(plan.permissions, scope).length > 0),
  ];
}

function inputOf({ plan, run, action }: EndActionAssignment): JsonObject {
  return evaluateWith(action.with, scopeFor(plan, run));
}

async function callEndAction(one: Try, assignment: EndActionAssignment): Promise<Json> {
  const { plan, action, work } = assignment;
  const input = inputOf(assignment);
  one.log.sent({ uses: action.uses, with: cutJson(input) });
  const { output } = await callAction(one, {
    assignment,
    stage: work,
    task: work,
    granted: grantedTo(action.uses, plan, one),
    action: action.uses,
    input,
    key: one.idempotencyKey,
  });
  return output;
}
