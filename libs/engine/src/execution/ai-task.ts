import { converse } from './ai-conversation.ts';
import { lockedModels } from './ai-models.ts';
import { feedbackFor, feedbackSection, promptData, readsFeedback, taskScope } from './prompt-data.ts';
import { digestOf } from '../template/canonical.ts';
import type { TaskAssignment } from './assignment.ts';
import type { Feedback } from './prompt-data.ts';
import type { LockedModel } from './ai-models.ts';
import type { TaskResult, Try } from './task.ts';
import type { AiStage, Scope } from '../template/plan.ts';
import type { Digest, JsonObject } from '../vocabulary.ts';

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
  const models = lockedModels(one.desk.ports.ai, assignment.run.lock, stage);
  // The digest leaves remarks out: an output that took them up stands for the same question until the question changes.
  const plain = await ask(one, stage, scope, null);
  const inputDigest = digestOfQuestion(plain, models, stage);
  const last = assignment.task.last;
  if (feedback === null && stage.cache && last !== null && last.inputDigest === inputDigest) {
    one.log.sent({ system: plain.system, prompt: plain.prompt });
    one.log.line(
      one.desk.ports.clock.now(),
      'info',
      `Nothing that goes in has changed since attempt ${last.attempt}.`,
    );
    return { output: last.output, artifacts: last.artifacts, inputDigest, reused: true };
  }
  const question = feedback === null ? plain : await ask(one, stage, scope, feedback);
  one.log.sent({ system: question.system, prompt: question.prompt });
  const { output, artifacts } = await converse(one, { assignment, stage, question, models });
  return { output, artifacts, inputDigest, reused: false };
}

async function ask(one: Try, stage: AiStage, scope: Scope, feedback: Feedback | null): Promise<Question> {
  const { isolation } = one.desk.ports;
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

function digestOfQuestion(question: Question, models: LockedModel[], stage: AiStage): Digest {
  return digestOf({
    system: question.system,
    prompt: question.prompt,
    models: models.map(({ provider, model }) => [provider.name, model]),
    contract: stage.output,
    temperature: stage.temperature,
    maxTokens: stage.maxTokens,
    tools: stage.tools,
  });
}
