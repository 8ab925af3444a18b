import type { AiResult, AiToolCall, Json } from '@stagewright/engine';

import { isSameModel } from './prices.ts';
import { providerErrors } from './providers.errors.ts';
import type { ServiceFacts } from './providers.errors.ts';

/** An answer as it has come in so far, whatever the protocol. */
export interface RawAnswer {
  text: string;
  refusal: string;
  /** Inputs are JSON text as it was sent. */
  toolCalls: Array<{ id: string; name: string; input: string; complete: boolean }>;
  stopReason: AiResult['stopReason'] | null;
  model: string;
  inputTokens: number;
  outputTokens: number;
}

export function emptyAnswer(): RawAnswer {
  return {
    text: '',
    refusal: '',
    toolCalls: [],
    stopReason: null,
    model: '',
    inputTokens: 0,
    outputTokens: 0,
  };
}

/**
 * Checks an answer before anything of it is used: it has an end, its tool calls are whole and distinct, and the model is
 * the one that was asked (`model` null: any).
 */
export function checkAnswer(
  answer: RawAnswer,
  model: string | null,
  service: ServiceFacts,
): Pick<AiResult, 'text' | 'toolCalls' | 'stopReason'> {
  const { stopReason } = answer;
  if (stopReason === null) throw providerErrors.truncated(service, 'it gives no reason for its end');
  if (model !== null && !isSameModel(model, answer.model)) {
    throw providerErrors.protocol(service, `"${model}" was asked and "${answer.model}" answered`);
  }
  // A call that the token limit cut is dropped with the rest: the engine asks again or gives up.
  const toolCalls =
    stopReason === 'max_tokens' || stopReason === 'refusal' ? [] : wholeCalls(answer, service);
  const text = stopReason === 'refusal' && answer.refusal !== '' ? answer.refusal : answer.text;
  if (stopReason === 'end' && text.trim() === '' && toolCalls.length === 0)
    throw providerErrors.protocol(service, 'it is empty');
  if (stopReason === 'tool_calls' && toolCalls.length === 0)
    throw providerErrors.protocol(service, 'it announces tool calls and has none');
  return { text, toolCalls, stopReason: toolCalls.length > 0 ? 'tool_calls' : stopReason };
}

function wholeCalls(answer: RawAnswer, service: ServiceFacts): AiToolCall[] {
  const ids = new Set(answer.toolCalls.map((call) => call.id));
  if (ids.size < answer.toolCalls.length)
    throw providerErrors.protocol(service, 'two tool calls have the same id');
  return answer.toolCalls.map((call) => {
    if (call.id === '' || call.name === '' || !call.complete)
      throw providerErrors.truncated(service, 'half a tool call came');
    return { id: call.id, name: call.name, input: parseInput(call.input, service) };
  });
}

function parseInput(input: string, service: ServiceFacts): Json {
  try {
    return JSON.parse(input === '' ? '{}' : input) as Json;
  } catch {
    throw providerErrors.truncated(service, 'half a tool call came');
  }
}
