import { converse } from './ai-conversation.ts';
import { lockedModels } from './ai-models.ts';
import { feedbackFor, feedbackSection, promptData, readsFeedback, taskScope } from './prompt-data.ts';
import { digestOfQuestion } from './input-digest.ts';
import { reusedResult } from './reuse.ts';
import type { TaskAssignment } from './assignment.ts';
import type { Feedback } from './prompt-data.ts';
import type { TaskResult, Try } from './task.ts';
import type { Isolation } from '../ports/isolation.ts';
import type { AiStage, PlannedPrompt, Scope } from '../template/plan.ts';
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
  const reused = feedback === null ? reusedResult(one, assignment, inputDigest) : null;
  if (reused !== null) {
    one.log.sent({ system: plain.system, prompt: plain.prompt });
    return reused;
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
  return { system, prompt: await renderPrompt(isolation, stage.prompt, data, feedback), data };
}

/** The text of a prompt, with a reviewer's remarks at its end when it does not speak of them itself. */
export async function renderPrompt(
  isolation: Isolation,
  prompt: PlannedPrompt,
  data: JsonObject,
  feedback: Feedback | null,
): Promise<string> {
  const rendered = await isolation.render(prompt, data);
  if (feedback === null || readsFeedback(prompt)) return rendered;
  return `${rendered.trimEnd()}\n\n${feedbackSection(feedback)}\n`;
}
