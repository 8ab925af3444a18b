import type { TaskAssignment } from './assignment.ts';
import type { TaskResult, Try } from './task.ts';
import type { Digest } from '../vocabulary.ts';

/** The last result of the task once more when nothing that goes into it has changed; null when it must be made. */
export function reusedResult(
  one: Try,
  { stage, task: { last } }: TaskAssignment,
  inputDigest: Digest,
): TaskResult | null {
  if (!stage.cache || last === null || last.inputDigest !== inputDigest) return null;
  const message = `Nothing that goes in has changed since attempt ${last.attempt}.`;
  one.log.line(one.desk.ports.clock.now(), 'info', message);
  return { output: last.output, artifacts: last.artifacts, inputDigest, reused: true };
}
