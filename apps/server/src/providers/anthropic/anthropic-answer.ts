import type Anthropic from '@anthropic-ai/sdk';

import { emptyAnswer } from '../answer.ts';
import type { RawAnswer } from '../answer.ts';
import { providerErrors } from '../providers.errors.ts';
import type { ServiceFacts } from '../providers.errors.ts';

type StreamEvent = Anthropic.RawMessageStreamEvent;

/** Puts the events of a streamed message together. `add` gives the text that the event brought. */
export function createMessageAccumulator(service: ServiceFacts): {
  add(event: StreamEvent): string;
  answer: RawAnswer;
} {
  const answer = emptyAnswer();
  const calls = new Map<number, RawAnswer['toolCalls'][number]>();
  const add = (event: StreamEvent): string => {
    switch (event.type) {
      case 'message_start':
        answer.model = event.message.model;
        addUsage(answer, event.message.usage);
        return '';
      case 'content_block_start':
        return startBlock(event, answer, calls);
      case 'content_block_delta':
        return addDelta(event, answer, calls);
      case 'content_block_stop': {
        const call = calls.get(event.index);
        if (call) call.complete = true;
        return '';
      }
      case 'message_delta':
        addUsage(answer, event.usage);
        if (event.delta.stop_reason) answer.stopReason = stopReason(event.delta.stop_reason, service);
        return '';
      case 'message_stop':
        return '';
      default:
        // The service may add kinds of events at any time, and asks its clients to pass over them.
        return '';
    }
  };
  return { add, answer };
}

/** A message that came in one piece. */
export function readMessage(message: Anthropic.Message, service: ServiceFacts): RawAnswer {
  if (!Array.isArray((message as Partial<Anthropic.Message> | null)?.content))
    throw providerErrors.protocol(service, 'it has no content');
  const answer = emptyAnswer();
  answer.model = message.model;
  addUsage(answer, message.usage);
  for (const block of message.content) {
    if (block.type === 'text') answer.text += block.text;
    if (block.type === 'tool_use')
      answer.toolCalls.push({
        id: block.id,
        name: block.name,
        input: JSON.stringify(block.input),
        complete: true,
      });
  }
  if (message.stop_reason) answer.stopReason = stopReason(message.stop_reason, service);
  return answer;
}

type Calls = Map<number, RawAnswer['toolCalls'][number]>;

function startBlock(event: Anthropic.RawContentBlockStartEvent, answer: RawAnswer, calls: Calls): string {
  const block = event.content_block;
  if (block.type === 'text') {
    answer.text += block.text;
    return block.text;
  }
  if (block.type === 'tool_use') {
    const call = { id: block.id, name: block.name, input: '', complete: false };
    calls.set(event.index, call);
    answer.toolCalls.push(call);
  }
  return '';
}

function addDelta(event: Anthropic.RawContentBlockDeltaEvent, answer: RawAnswer, calls: Calls): string {
  if (event.delta.type === 'text_delta') {
    answer.text += event.delta.text;
    return event.delta.text;
  }
  if (event.delta.type === 'input_json_delta') {
    const call = calls.get(event.index);
    if (call) call.input += event.delta.partial_json;
  }
  return '';
}

type Counts = Pick<
  Anthropic.MessageDeltaUsage,
  'input_tokens' | 'output_tokens' | 'cache_creation_input_tokens' | 'cache_read_input_tokens'
>;

/** Counts are cumulative: the last ones hold. Tokens from the cache are input like any other here. */
function addUsage(answer: RawAnswer, usage: Partial<Counts> | undefined): void {
  if (!usage) return;
  if (typeof usage.input_tokens === 'number') {
    answer.inputTokens =
      usage.input_tokens + (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0);
  }
  if (typeof usage.output_tokens === 'number') answer.outputTokens = usage.output_tokens;
}

function stopReason(reason: Anthropic.StopReason, service: ServiceFacts): RawAnswer['stopReason'] {
  switch (reason) {
    case 'end_turn':
    case 'stop_sequence':
      return 'end';
    case 'tool_use':
      return 'tool_calls';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'max_tokens';
    case 'refusal':
      return 'refusal';
    default:
      throw providerErrors.protocol(service, `its reason to end is "${String(reason)}"`);
  }
}
