import type { AiMessage, AiRequest } from '@stagewright/engine';
import type OpenAI from 'openai';

import { contractInstruction, OPENAI_DIALECT, toStrictSchema } from '../strict-schema.ts';

type Params = OpenAI.Chat.Completions.ChatCompletionCreateParamsNonStreaming;
type MessageParam = OpenAI.Chat.Completions.ChatCompletionMessageParam;

export interface RequestStyle {
  /** `max_completion_tokens` of the present API, or `max_tokens`, which older compatible servers know. */
  tokenLimit: 'max_completion_tokens' | 'max_tokens';
  /** What the service does with a contract: constrained decoding, or any JSON with the schema in the system text. */
  structured: 'json_schema' | 'json_object';
}

/** The chat completion request for what the engine asks. */
export function chatRequest(request: AiRequest, style: RequestStyle): Params {
  const { contract, tools } = request;
  const format = contract === null ? null : responseFormat(contract, style);
  const inText = contract !== null && format?.type !== 'json_schema';
  const system = [request.system, inText ? contractInstruction(contract) : null]
    .filter((part) => part !== null)
    .join('\n\n');
  const params: Params = {
    model: request.model,
    messages: [
      ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
      ...request.messages.map(chatMessage),
    ],
  };
  if (format) params.response_format = format;
  if (request.temperature !== null) params.temperature = request.temperature;
  if (request.maxTokens !== null) params[style.tokenLimit] = request.maxTokens;
  if (tools.length > 0) params.tools = tools.map(chatTool);
  return params;
}

/** Null where the service has no mode for the contract: an answer that is not an object, asked as JSON text. */
function responseFormat(
  contract: NonNullable<AiRequest['contract']>,
  style: RequestStyle,
): Params['response_format'] | null {
  const strict = style.structured === 'json_schema' ? toStrictSchema(contract, OPENAI_DIALECT) : null;
  if (strict) return { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: strict } };
  return contract['type'] === 'object' ? { type: 'json_object' } : null;
}

function chatMessage(message: AiMessage): MessageParam {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: message.text };
    case 'tool':
      return {
        role: 'tool',
        tool_call_id: message.callId,
        content: message.isError ? `Error: ${message.content}` : message.content,
      };
    case 'assistant': {
      if (message.toolCalls.length === 0) return { role: 'assistant', content: message.text };
      const calls = message.toolCalls.map((call) => ({
        id: call.id,
        type: 'function' as const,
        function: { name: call.name, arguments: JSON.stringify(call.input) },
      }));
      return { role: 'assistant', content: message.text === '' ? null : message.text, tool_calls: calls };
    }
  }
}

function chatTool(tool: AiRequest['tools'][number]): OpenAI.Chat.Completions.ChatCompletionFunctionTool {
  return {
    type: 'function',
    function: { name: tool.name, description: tool.description, parameters: tool.input },
  };
}
