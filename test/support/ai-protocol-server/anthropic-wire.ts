import { inPieces } from './script.ts';
import type { ScriptedAnswer, WireEvent } from './script.ts';

/** The wire format of Anthropic's messages, as of 2026. */

const STOP = {
  end: 'end_turn',
  tool_calls: 'tool_use',
  max_tokens: 'max_tokens',
  refusal: 'refusal',
  none: null,
} as const;
const TYPES: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

export function anthropicError(reply: { status: number; type?: string; message?: string }): object {
  const { type = TYPES[reply.status] ?? 'api_error', message = 'Internal server error' } = reply;
  return { type: 'error', error: { type, message, details: null }, request_id: 'req_1' };
}

export function anthropicBody(answer: ScriptedAnswer, model: string): object {
  const text = answer.text === undefined ? [] : [{ type: 'text', text: answer.text, citations: null }];
  const calls = (answer.toolCalls ?? []).map((call) => ({
    type: 'tool_use',
    ...call,
    caller: { type: 'direct' },
  }));
  return message(model, [...text, ...calls], STOP[stopOf(answer)], answer);
}

export function* anthropicEvents(answer: ScriptedAnswer, model: string): Generator<WireEvent> {
  yield event('message_start', { message: message(model, [], null, { ...answer, outputTokens: 1 }) });
  yield event('ping', {});
  let index = 0;
  if (answer.text !== undefined) {
    yield event('content_block_start', { index, content_block: { type: 'text', text: '', citations: null } });
    const pieces = inPieces(answer.text);
    for (const [at, piece] of pieces.entries()) {
      if (at >= pieces.length / 2) {
        if (answer.fault === 'cut') {
          yield { cut: true };
          return;
        }
        if (answer.fault === 'garbage-event') {
          yield { write: 'event: content_block_delta\ndata: {"type": "conte\n\n' };
          return;
        }
        if (answer.fault === 'error-event') {
          yield event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } });
          return;
        }
      }
      yield event('content_block_delta', { index, delta: { type: 'text_delta', text: piece } });
    }
    yield event('content_block_stop', { index });
    index += 1;
  }
  for (const call of answer.toolCalls ?? []) {
    const block = { type: 'tool_use', id: call.id, name: call.name, input: {}, caller: { type: 'direct' } };
    yield event('content_block_start', { index, content_block: block });
    const parts = inPieces(JSON.stringify(call.input));
    const half = answer.fault === 'half-tool-call';
    for (const part of half ? parts.slice(0, Math.ceil(parts.length / 2)) : parts) {
      yield event('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: part } });
    }
    if (!half) yield event('content_block_stop', { index });
    index += 1;
  }
  const stop = stopOf(answer);
  const { output_tokens } = usageOf(answer);
  if (stop !== 'none')
    yield event('message_delta', {
      delta: { stop_reason: STOP[stop], stop_sequence: null },
      usage: { output_tokens },
    });
  yield event('message_stop', {});
}

function message(model: string, content: object[], stop: string | null, answer: ScriptedAnswer): object {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    content,
    stop_reason: stop,
    stop_sequence: null,
    usage: usageOf(answer),
  };
}

function usageOf(answer: ScriptedAnswer): { input_tokens: number; output_tokens: number } {
  return { input_tokens: answer.inputTokens ?? 12, output_tokens: answer.outputTokens ?? 7 };
}

function stopOf(answer: ScriptedAnswer): keyof typeof STOP {
  return answer.stop ?? (answer.toolCalls ? 'tool_calls' : 'end');
}

function event(type: string, data: object): WireEvent {
  return { write: `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n` };
}
