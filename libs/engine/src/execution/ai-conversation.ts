import { generateByPreference } from './ai-models.ts';
import { callTools, toolsOf } from './ai-tools.ts';
import { judgeAnswer, repairRequest } from './ai-output.ts';
import { cutText, DETAIL_CHARACTERS } from './bounds.ts';
import { outputInvalid, outputTruncated, providerRefused } from './execution.errors.ts';
import { digestOf } from '../template/canonical.ts';
import type { TaskAssignment } from './assignment.ts';
import type { ToolUse } from './ai-tools.ts';
import type { LockedModel } from './ai-models.ts';
import type { Question } from './ai-task.ts';
import type { Try } from './task.ts';
import type { AiMessage, AiRequest, AiResult } from '../ports/ai-provider.ts';
import type { ToolTurn } from '../run/run.ts';
import type { AiStage } from '../template/plan.ts';
import type { ArtifactRef, Json } from '../vocabulary.ts';

/** What a conversation needs to know of the stage that asks. */
export type AskingStage = Pick<
  AiStage,
  'id' | 'output' | 'temperature' | 'maxTokens' | 'tools' | 'maxToolCalls' | 'permissions'
>;

/** One try's talk with a model. */
export interface Conversation {
  assignment: TaskAssignment;
  stage: AskingStage;
  question: Question;
  models: LockedModel[];
  /** What is wrong with an answer that satisfies the contract. Default: nothing. */
  faultsOf?: (answer: Json) => string[];
}

/** Repair rounds of one try: an answer that breaks its contract is shown to the model this often. */
const REPAIRS = 1;

/**
 * Asks, carries out the tool calls, and has the model mend an answer that breaks its contract once. Throws
 * `OUTPUT_INVALID`, `OUTPUT_TRUNCATED` or `PROVIDER_REFUSED` with the raw text in the details and in the record,
 * `BUDGET_EXCEEDED` for too many tool calls, or a `ProviderError`.
 */
export async function converse(
  one: Try,
  talk: Conversation,
): Promise<{ output: Json; artifacts: ArtifactRef[] }> {
  const messages: AiMessage[] = [{ role: 'user', text: talk.question.prompt }];
  const use: ToolUse = { ordinal: 0, written: 0, artifacts: [] };
  // What an earlier process came to is not asked for again: the talk goes on from its record.
  for (const turn of talk.assignment.task.talk) messages.push(...(await takeTurn(one, talk, turn, use)));
  // Whoever answered first answers to the end: a conversation is not handed on in the middle.
  let { models } = talk;
  for (let repairs = 0; ;) {
    const { result, from } = await generateByPreference(one, models, (model) =>
      requestFor(one, talk, messages, model),
    );
    models = [from];
    refuseUnusable(one, talk, result);
    if (result.toolCalls.length > 0) {
      const turn = { text: result.text, calls: result.toolCalls, called: 0, answers: [] };
      messages.push(...(await takeTurn(one, talk, turn, use)));
      continue;
    }
    const verdict = await judgeAnswer(one.desk.ports.isolation, talk.stage.output, result.text);
    const faults = verdict.faults.length > 0 ? verdict.faults : (talk.faultsOf?.(verdict.value) ?? []);
    if (faults.length === 0) return { output: verdict.value, artifacts: use.artifacts };
    one.log.raw(result.text);
    if (repairs >= REPAIRS) throw outputInvalid(talk.assignment.task.id, faults, detailsOf(result, faults));
    repairs += 1;
    const isWhole = verdict.faults.length === 0;
    messages.push({ role: 'assistant', text: result.text, toolCalls: [] }, repairRequest(faults, isWhole));
  }
}

async function takeTurn(one: Try, talk: Conversation, turn: ToolTurn, use: ToolUse): Promise<AiMessage[]> {
  const { text, calls: toolCalls } = turn;
  return [{ role: 'assistant', text, toolCalls }, ...(await callTools(one, talk, turn, use))];
}

function requestFor(
  one: Try,
  talk: Conversation,
  messages: AiMessage[],
  { provider, model }: LockedModel,
): AiRequest {
  const { stage, question } = talk;
  return {
    model,
    system: question.system,
    messages: [...messages],
    contract: stage.output,
    temperature: stage.temperature,
    maxTokens: stage.maxTokens,
    tools: toolsOf(one.desk.ports.actions, stage),
    // Each call of a conversation has its own key; repeating the call after a crash repeats the key.
    idempotencyKey: digestOf([one.idempotencyKey(), provider.name, model, messages as unknown as Json]),
    subject: question.data,
  };
}

/** An answer that was cut or refused is never used in part, not even its tool calls. */
function refuseUnusable(one: Try, talk: Conversation, result: AiResult): void {
  if (result.stopReason !== 'max_tokens' && result.stopReason !== 'refusal') return;
  one.log.raw(result.text);
  const raw = cutText(result.text, DETAIL_CHARACTERS);
  const task = talk.assignment.task.id;
  throw result.stopReason === 'max_tokens' ? outputTruncated(task, raw) : providerRefused(task, raw);
}

function detailsOf(result: AiResult, faults: string[]) {
  return { raw: cutText(result.text, DETAIL_CHARACTERS), faults: faults.slice(0, 50), model: result.model };
}
