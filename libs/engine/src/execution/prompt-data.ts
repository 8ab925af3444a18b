import { scopeFor } from '../run/index.ts';
import type { TaskAssignment } from './assignment.ts';
import type { PlannedPrompt, Scope } from '../template/plan.ts';
import type { Json, JsonObject, ReviewComment } from '../vocabulary.ts';

/** What a reviewer asked of a task, and what it gave before. */
export interface Feedback {
  comments: ReviewComment[];
  previous: Json;
}

/** The names that the templates of a task see. */
export function taskScope({ plan, run, stage, stageRun, task }: TaskAssignment): Scope {
  if (stage.forEach === null || stageRun.items === null) return scopeFor(plan, run);
  const value = stageRun.items[task.index] ?? null;
  return scopeFor(plan, run, { as: stage.forEach.as, value, index: task.index });
}

/**
 * The remarks that this try must take up: those of the last request for changes, until the task has given an output that
 * answers them. A round that failed before it gave one leaves them open for the next. Null when there are none.
 */
export function feedbackFor({ stageRun, task }: TaskAssignment): Feedback | null {
  const last = stageRun.changes.at(-1);
  if (last === undefined || !last.tasks.includes(task.id)) return null;
  if (task.last !== null && task.last.round > last.round) return null;
  const comments = last.comments.filter((comment) => comment.task === undefined || comment.task === task.id);
  return { comments, previous: task.last?.output ?? null };
}

/** The data of a prompt, as its author may name it. */
export function promptData(scope: Scope, feedback: Feedback | null): JsonObject {
  const { inputs, stages, run, item } = scope;
  return {
    inputs,
    stages: stages,
    run,
    index: item?.index ?? 0,
    feedback: feedback === null ? null : (feedback.comments as unknown as Json),
    previous: feedback?.previous ?? null,
    ...(item === undefined ? {} : { [item.as]: item.value }),
  };
}

const READS_FEEDBACK = /\{\{[^}]*\bfeedback\b/;

/** Whether the prompt, or a partial of it, speaks of the reviewer's remarks itself. */
export function readsFeedback(prompt: PlannedPrompt): boolean {
  return [prompt.source, ...Object.values(prompt.partials)].some((source) => READS_FEEDBACK.test(source));
}

/** The section that a prompt gets when its author did not write one. */
export function feedbackSection({ comments, previous }: Feedback): string {
  const remarks = comments.map((comment) => `- ${anchorOf(comment)}${comment.body}`).join('\n');
  return [
    '## Changes requested by the reviewer',
    'A reviewer sent back the previous answer. Take up every remark:',
    remarks === '' ? '- (no remarks: the answer as a whole was not accepted)' : remarks,
    'The previous answer:',
    typeof previous === 'string' ? previous : JSON.stringify(previous, null, 2),
  ].join('\n\n');
}

function anchorOf({ path, line }: ReviewComment): string {
  const parts = [path === undefined ? '' : `at ${path}`, line === undefined ? '' : `line ${line}`].filter(
    (part) => part !== '',
  );
  return parts.length === 0 ? '' : `(${parts.join(', ')}) `;
}
