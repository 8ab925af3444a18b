import { callAction } from './action-call.ts';
import { taskScope } from './prompt-data.ts';
import { cutJson } from './bounds.ts';
import { reusedResult } from './reuse.ts';
import { actionOutcomeUnknown, actionUnknown } from './execution.errors.ts';
import { evaluateValue } from '../expression/index.ts';
import { digestOf } from '../template/canonical.ts';
import type { TaskAssignment } from './assignment.ts';
import type { TaskResult, Try } from './task.ts';
import type { Scope, SystemStage, Value } from '../template/plan.ts';
import type { Digest, JsonObject } from '../vocabulary.ts';

/** Calls the action of a system stage. */
export async function runSystemTask(
  one: Try,
  assignment: TaskAssignment,
  stage: SystemStage,
): Promise<TaskResult> {
  const { actions } = one.desk.ports;
  const facts = actions.action(stage.uses);
  if (facts === undefined) throw actionUnknown(stage.uses);
  if (assignment.resumed && facts.idempotency === 'none') throw actionOutcomeUnknown(stage.uses);
  const input = evaluateWith(stage.with, taskScope(assignment));
  one.log.sent({ uses: stage.uses, with: cutJson(input) });
  const inputDigest = digestOf({ action: stage.uses, version: pluginVersion(one, stage.uses), with: input });
  const reused = reusedResult(one, assignment, inputDigest);
  if (reused !== null) return reused;
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

/** The values of `with`, by name. Throws `EXPRESSION_FAILED`. */
export function evaluateWith(values: Record<string, Value>, scope: Scope): JsonObject {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, evaluateValue(value, scope)]),
  );
}

/** Version of the plugin that an action belongs to: a new one may give another output for the same input. */
function pluginVersion(one: Try, action: string): Digest {
  const owner = action.split('/')[0];
  return one.desk.ports.actions.plugins().find((plugin) => plugin.name === owner)?.version ?? '';
}
