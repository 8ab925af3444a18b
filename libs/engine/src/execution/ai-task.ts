import { converse } from './ai-conversation.ts';
import { lockedModels } from './ai-models.ts';
import { feedbackFor, feedbackSection, promptData, readsFeedback, taskScope } from './prompt-data.ts';
import { digestOfQuestion, reusable } from './input-digest.ts';
import type { TaskAssignment } from './assignment.ts';
import type { Feedback } from './prompt-data.ts';
import type { TaskResult, Try } from './task.ts';
import type { Isolation } from '../ports/isolation.ts';
import type { LastOutput } from '../run/run.ts';
import type { AiStage, Scope } from '../template/plan.ts';
import type { JsonObject } from '../vocabulary.ts';

/** What one try sends to a model. */
export interface Question {
  system: string | null;
  prompt: string;
  /** What the prompts were rendered with. */
  data: JsonObject;
}

/**
 * Renders the prompts, asks the locked models and gives the answer that satisfies the contract. Gives the last output
 * again, without a call, when nothing that goes in has changed and nobody asked for changes.
 */
export async function answerAi(one: Try, assignment: TaskAssignment, stage: AiStage): Promise<TaskResult> {
  const scope = taskScope(assignment);
  const feedback = feedbackFor(assignment);
  const { ports } = one.desk;
  const models = lockedModels(ports.ai, assignment.run.lock, stage);
  const plain = await ask(ports.isolation, stage, scope, null);
  const inputDigest = digestOfQuestion(ports.actions, stage, { question: plain, models });
  one.log.inputDigest = inputDigest;
  const last = feedback === null ? reusable(stage, assignment.task, inputDigest) : null;
  if (last !== null) {
    one.log.sent({ system: plain.system, prompt: plain.prompt });
    noteReuse(one, last);
    return { output: last.output, artifacts: last.artifacts, inputDigest, reused: true };
  }
  const question = feedback === null ? plain : await ask(ports.isolation, stage, scope, feedback);
  one.log.sent({ system: question.system, prompt: question.prompt });
  const { output, artifacts } = await converse(one, { assignment, stage, question, models });
  return { output, artifacts, inputDigest, reused: false };
}

/** The prompts as they are sent; without remarks when there are none to take up. */
export async function ask(
  isolation: Isolation,
  stage: AiStage,
  scope: Scope,
  feedback: Feedback | null,
): Promise<Question> {
  const data = promptData(scope, feedback);
  const system = stage.system === null ? null : await isolation.render(stage.system, data);
  const rendered = await isolation.render(stage.prompt, data);
  const silent = feedback !== null && !readsFeedback(stage.prompt);
  return {
    system,
    prompt: silent ? `${rendered.trimEnd()}\n\n${feedbackSection(feedback)}\n` : rendered,
    data,
  };
}

/** Says in the attempt's log where the output comes from. */
export function noteReuse(one: Try, { task, attempt }: LastOutput): void {
  one.log.line(
    one.desk.ports.clock.now(),
    'info',
    `Nothing that goes in has changed since attempt ${attempt} of ${task}.`,
  );
}
