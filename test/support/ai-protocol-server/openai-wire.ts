import { inPieces } from './script.ts';
import type { ScriptedAnswer, WireEvent } from './script.ts';

/** The wire format of OpenAI's chat completions, as of 2026. */

const FINISH = {
  end: 'stop',
  tool_calls: 'tool_calls',
  max_tokens: 'length',
  refusal: 'content_filter',
  none: null,
} as const;
const CREATED = 1_790_000_000;

export function openAiError(reply: {
  status: number;
  type?: string;
  code?: string;
  message?: string;
}): object {
  const {
    type = 'server_error',
    code = null,
    message = 'The server had an error while processing your request.',
  } = reply;
  return { error: { message, type, param: null, code } };
}

export function openAiBody(answer: ScriptedAnswer, model: string): object {
  const message: Record<string, unknown> = { role: 'assistant', content: answer.text ?? null, refusal: null };
  if (answer.toolCalls)
    message['tool_calls'] = answer.toolCalls.map((call) => ({
      id: call.id,
      type: 'function',
      function: { name: call.name, arguments: JSON.stringify(call.input) },
    }));
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: CREATED,
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: FINISH[stopOf(answer)] }],
    usage: usageOf(answer),
  };
}

export function* openAiEvents(
  answer: ScriptedAnswer,
  model: string,
  withUsage: boolean,
): Generator<WireEvent> {
  const chunk = (delta: object, finish: string | null = null): WireEvent =>
    event({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: CREATED,
      model,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    });
  yield chunk({ role: 'assistant', content: '', refusal: null });
  const pieces = inPieces(answer.text ?? '');
  for (const [index, piece] of pieces.entries()) {
    if (index >= pieces.length / 2) {
      if (answer.fault === 'cut') {
        yield { cut: true };
        return;
      }
      if (answer.fault === 'garbage-event') {
        yield { write: 'data: {"id": "chatcmpl-1", "choi\n\n' };
        return;
      }
      if (answer.fault === 'error-event') {
        yield event(openAiError({ status: 500 }));
        return;
      }
    }
    yield chunk({ content: piece });
  }
  for (const [index, call] of (answer.toolCalls ?? []).entries()) {
    yield chunk({
      tool_calls: [{ index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }],
    });
    const parts = inPieces(JSON.stringify(call.input));
    const sent = answer.fault === 'half-tool-call' ? parts.slice(0, Math.ceil(parts.length / 2)) : parts;
    for (const part of sent) yield chunk({ tool_calls: [{ index, function: { arguments: part } }] });
  }
  const stop = stopOf(answer);
  if (stop !== 'none') yield chunk({}, FINISH[stop]);
  if (withUsage) {
    yield event({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: CREATED,
      model,
      choices: [],
      usage: usageOf(answer),
    });
  }
  yield { write: 'data: [DONE]\n\n' };
}

function usageOf(answer: ScriptedAnswer): object {
  const { inputTokens = 12, outputTokens = 7 } = answer;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
}

function stopOf(answer: ScriptedAnswer): keyof typeof FINISH {
  return answer.stop ?? (answer.toolCalls ? 'tool_calls' : 'end');
}

function event(data: object): WireEvent {
  return { write: `data: ${JSON.stringify(data)}\n\n` };
}
