import { callAction, mayRepeatCall } from './action-call.ts';
import { taskScope } from './prompt-data.ts';
import { cutJson } from './bounds.ts';
import { reusedResult } from './reuse.ts';
import { actionOutcomeUnknown, actionUnknown } from './execution.errors.ts';
import { evaluateValue } from '../expression/index.ts';
import { digestOfCall } from './input-digest.ts';
import type { ActionRegistry } from './ports.ts';
import type { TaskAssignment } from './assignment.ts';
import type { TaskResult, Try } from './task.ts';
import type { Scope, SystemStage, Value } from '../template/plan.ts';
import type { JsonObject } from '../vocabulary.ts';

/** Calls the action of a system stage. */
export async function runSystemTask(
  one: Try,
  assignment: TaskAssignment,
  stage: SystemStage,
): Promise<TaskResult> {
  const { actions } = one.desk.ports;
  if (actions.action(stage.uses) === undefined) throw actionUnknown(stage.uses);
  const input = evaluateWith(stage.with, taskScope(assignment));
  one.log.sent({ uses: stage.uses, with: cutJson(input) });
  const inputDigest = digestOfCall(actions, stage, assignment.run, input);
  one.log.inputDigest = inputDigest;
  const reused = reusedResult(one, assignment, inputDigest);
  if (reused !== null) return reused;
  if (assignment.resumed && !mayRepeatCall(actions, stage.uses, () => input))
    throw actionOutcomeUnknown(stage.uses);
  const call = await callAction(one, {
    assignment,
    stage: stage.id,
    task: assignment.task.id,
    granted: stage.permissions,
    action: stage.uses,
    input,
    key: one.idempotencyKey,
  });
  return { ...call, inputDigest, reused: false };
}

/** Whether the call of a stage may be made again after it was cut off. Throws `EXPRESSION_FAILED`. */
export function mayRepeatTask(
  actions: ActionRegistry,
  assignment: TaskAssignment,
  { uses, with: values }: SystemStage,
): boolean {
  return mayRepeatCall(actions, uses, () => evaluateWith(values, taskScope(assignment)));
}

/** The values of `with`, by name. Throws `EXPRESSION_FAILED`. */
export function evaluateWith(values: Record<string, Value>, scope: Scope): JsonObject {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, evaluateValue(value, scope)]),
  );
}
