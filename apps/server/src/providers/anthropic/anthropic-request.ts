import type Anthropic from '@anthropic-ai/sdk';
import type { AiMessage, AiRequest } from '@stagewright/engine';

import { ANTHROPIC_DIALECT, contractInstruction, toStrictSchema } from '../strict-schema.ts';

type Params = Anthropic.MessageCreateParamsNonStreaming;

/** The API asks for a limit; this is one that every present model takes and that leaves room for thinking. */
const DEFAULT_MAX_TOKENS = 32_000;

/**
 * The messages request for what the engine asks. A contract goes into `output_config.format`, which constrains the text of
 * the answer itself; a forced tool would hide the text from the stream and could not be combined with the stage's own tools.
 */
export function messagesRequest(request: AiRequest): Params {
  const { contract, tools } = request;
  const strict = contract === null ? null : toStrictSchema(contract, ANTHROPIC_DIALECT);
  const inText = contract !== null && strict === null ? contractInstruction(contract) : null;
  const system = [request.system, inText].filter((part) => part !== null).join('\n\n');
  const params: Params & { temperature?: number } = {
    model: request.model,
    max_tokens: request.maxTokens ?? DEFAULT_MAX_TOKENS,
    messages: turns(request.messages),
  };
  if (system !== '') params.system = system;
  if (strict !== null) params.output_config = { format: { type: 'json_schema', schema: strict } };
  // Newer models refuse a temperature. It is sent all the same: a clear refusal is better than one silently left out.
  if (request.temperature !== null) params.temperature = request.temperature;
  if (tools.length > 0)
    params.tools = tools.map((tool) => ({
      name: tool.name,
      description: tool.description,
      input_schema: { ...tool.input, type: 'object' },
    }));
  return params;
}

/** Results of tools are a turn of the user here, and all results for one turn of the assistant stand in one. */
function turns(messages: AiMessage[]): Anthropic.MessageParam[] {
  const result: Anthropic.MessageParam[] = [];
  for (const message of messages) {
    const turn = turnOf(message);
    const last = result.at(-1);
    if (last && last.role === 'user' && turn.role === 'user')
      last.content = [...blocks(last.content), ...blocks(turn.content)];
    else result.push(turn);
  }
  return result;
}

function turnOf(message: AiMessage): Anthropic.MessageParam {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: [{ type: 'text', text: message.text }] };
    case 'tool':
      return {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: message.callId,
            content: message.content,
            is_error: message.isError,
          },
        ],
      };
    case 'assistant': {
      const text = message.text === '' ? [] : [{ type: 'text' as const, text: message.text }];
      const calls = message.toolCalls.map((call) => ({
        type: 'tool_use' as const,
        id: call.id,
        name: call.name,
        input: call.input,
      }));
      return { role: 'assistant', content: [...text, ...calls] };
    }
  }
}

function blocks(content: Anthropic.MessageParam['content']): Anthropic.ContentBlockParam[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}
