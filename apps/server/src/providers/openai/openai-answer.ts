import type OpenAI from 'openai';

import { emptyAnswer } from '../answer.ts';
import type { RawAnswer } from '../answer.ts';
import { providerErrors } from '../providers.errors.ts';
import type { ServiceFacts } from '../providers.errors.ts';

type Chunk = OpenAI.Chat.Completions.ChatCompletionChunk;
type ToolPart = OpenAI.Chat.Completions.ChatCompletionChunk.Choice.Delta.ToolCall;
type Completion = OpenAI.Chat.Completions.ChatCompletion;

/** Puts the pieces of a streamed chat completion together. The texts of `delta` come in order. */
export function createChatAccumulator(service: ServiceFacts): {
  add(chunk: Chunk): string;
  answer: RawAnswer;
} {
  const answer = emptyAnswer();
  const add = (chunk: Chunk): string => {
    if (!Array.isArray((chunk as { choices?: unknown } | null)?.choices))
      throw providerErrors.protocol(service, 'a piece of it has no choices');
    if (chunk.model) answer.model = chunk.model;
    addUsage(answer, chunk.usage);
    const [choice] = chunk.choices;
    if (!choice) return '';
    const { delta } = choice;
    answer.refusal += delta?.refusal ?? '';
    for (const part of delta?.tool_calls ?? []) addToolPart(answer, part);
    if (choice.finish_reason) answer.stopReason = stopReason(choice.finish_reason, answer, service);
    const text = delta?.content ?? '';
    answer.text += text;
    return text;
  };
  return { add, answer };
}

/** A chat completion that came in one piece. */
export function readCompletion(completion: Completion, service: ServiceFacts): RawAnswer {
  const choice = (completion as Partial<Completion> | null)?.choices?.[0];
  if (!choice?.message) throw providerErrors.protocol(service, 'it has no choices');
  const answer = emptyAnswer();
  answer.model = completion.model;
  answer.text = choice.message.content ?? '';
  answer.refusal = choice.message.refusal ?? '';
  addUsage(answer, completion.usage);
  for (const call of choice.message.tool_calls ?? []) {
    if (call.type !== 'function')
      throw providerErrors.protocol(service, `a tool call of it is of the kind "${call.type}"`);
    answer.toolCalls.push({
      id: call.id,
      name: call.function.name,
      input: call.function.arguments,
      complete: true,
    });
  }
  if (choice.finish_reason) answer.stopReason = stopReason(choice.finish_reason, answer, service);
  return answer;
}

function addToolPart(answer: RawAnswer, part: ToolPart): void {
  // Calls are complete when their arguments parse: the protocol has no mark for the end of one.
  const call = (answer.toolCalls[part.index] ??= { id: '', name: '', input: '', complete: true });
  if (part.id) call.id = part.id;
  if (part.function?.name) call.name += part.function.name;
  call.input += part.function?.arguments ?? '';
}

function addUsage(answer: RawAnswer, usage: Completion['usage'] | null): void {
  if (!usage) return;
  answer.inputTokens = usage.prompt_tokens;
  answer.outputTokens = usage.completion_tokens;
}

function stopReason(reason: string, answer: RawAnswer, service: ServiceFacts): RawAnswer['stopReason'] {
  if (answer.refusal !== '') return 'refusal';
  switch (reason) {
    case 'stop':
      return 'end';
    case 'tool_calls':
    case 'function_call':
      return 'tool_calls';
    case 'length':
      return 'max_tokens';
    case 'content_filter':
      return 'refusal';
    default:
      throw providerErrors.protocol(service, `its reason to end is "${reason}"`);
  }
}
