import type { TaskAssignment } from './assignment.ts';
import type { TaskResult, Try } from './task.ts';
import type { LastOutput, TaskRun } from '../run/run.ts';
import type { PlannedStage } from '../template/plan.ts';
import type { Digest } from '../vocabulary.ts';

/** What the task gave last, when it may be given again: the same went in, and the template does not forbid it. */
export function reusable(stage: PlannedStage, { last }: TaskRun, inputDigest: Digest): LastOutput | null {
  return stage.cache && last?.inputDigest === inputDigest ? last : null;
}

/** The last result of the task once more when nothing that goes into it has changed; null when it must be made. */
export function reusedResult(
  one: Try,
  { stage, task }: TaskAssignment,
  inputDigest: Digest,
): TaskResult | null {
  const last = reusable(stage, task, inputDigest);
  if (last === null) return null;
  const message = `Nothing that goes in has changed since attempt ${last.attempt} of ${last.task}.`;
  one.log.line(one.desk.ports.clock.now(), 'info', message);
  return { output: last.output, artifacts: last.artifacts, inputDigest, reused: true };
}
