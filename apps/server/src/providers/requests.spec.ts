import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AiProvider, AiRequest, JsonSchema } from '@stagewright/engine';

import { startAiProtocolServer } from '../../../../test/support/ai-protocol-server/ai-protocol-server.ts';
import type {
  AiProtocolServer,
  RecordedRequest,
} from '../../../../test/support/ai-protocol-server/ai-protocol-server.ts';
import {
  createAnthropicProvider,
  createAzureOpenAiProvider,
  createLocalProvider,
  createOpenAiProvider,
} from './index.ts';

const KEY = 'sk-test-0123456789abcdef';
const CLOSED: JsonSchema = {
  type: 'object',
  required: ['title'],
  additionalProperties: false,
  properties: { title: { type: 'string', minLength: 3 } },
};
const STRICT = { ...CLOSED, properties: { title: { type: 'string' } } };
const OPEN: JsonSchema = { type: 'object', additionalProperties: { type: 'string' } };

let server: AiProtocolServer;
beforeAll(async () => {
  server = await startAiProtocolServer();
});
afterAll(() => server.close());

async function sent(provider: AiProvider, changes: Partial<AiRequest> = {}): Promise<RecordedRequest> {
  server.script({ kind: 'answer', answer: { text: '{"title":"Tea"}' } });
  const request: AiRequest = {
    model: 'gpt-5.4',
    system: 'Be brief.',
    messages: [{ role: 'user', text: 'A title.' }],
    contract: CLOSED,
    temperature: 0.3,
    maxTokens: 500,
    tools: [],
    idempotencyKey: 'run-1/title/2',
    subject: { secret: 'never sent' },
    ...changes,
  };
  await provider.generate(request, { signal: new AbortController().signal });
  const [recorded] = server.requests;
  if (!recorded) throw new Error('nothing was sent');
  return recorded;
}

const openai = (): AiProvider => createOpenAiProvider({ apiKey: KEY, baseUrl: `${server.url}/v1` });
const azure = (): AiProvider => createAzureOpenAiProvider({ apiKey: KEY, endpoint: server.url });
const local = (): AiProvider =>
  createLocalProvider({ baseUrl: `${server.url}/v1`, structured: 'json_object' });
const anthropic = (): AiProvider => createAnthropicProvider({ apiKey: KEY, baseUrl: server.url });

/** A conversation in which a tool was called twice. */
const TALK: AiRequest['messages'] = [
  { role: 'user', text: 'Look it up.' },
  {
    role: 'assistant',
    text: '',
    toolCalls: [
      { id: 'a', name: 'http__request', input: { n: 1 } },
      { id: 'b', name: 'http__request', input: { n: 2 } },
    ],
  },
  { role: 'tool', callId: 'a', content: 'one', isError: false },
  { role: 'tool', callId: 'b', content: 'gone', isError: true },
];

describe('what is sent to openai', () => {
  it('holds the contract for constrained decoding, the limits and the stable key of the attempt', async () => {
    const { path, headers, body } = await sent(openai());
    expect(path).toBe('/v1/chat/completions');
    expect(headers['idempotency-key']).toBe('run-1/title/2');
    expect(body).toEqual({
      model: 'gpt-5.4',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'A title.' },
      ],
      response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: STRICT } },
      temperature: 0.3,
      max_completion_tokens: 500,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('holds a contract outside the strict subset as text', async () => {
    const { body } = await sent(openai(), { contract: OPEN });
    expect(body['response_format']).toEqual({ type: 'json_object' });
    expect(JSON.stringify(body['messages'])).toContain('satisfy this JSON Schema');
  });

  it('holds what tools answered', async () => {
    const { body } = await sent(openai(), { messages: TALK, contract: null, system: null });
    expect(body['messages']).toMatchObject([
      { role: 'user' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'a', function: { arguments: '{"n":1}' } }, { id: 'b' }],
      },
      { role: 'tool', tool_call_id: 'a', content: 'one' },
      { role: 'tool', tool_call_id: 'b', content: 'Error: gone' },
    ]);
  });
});

it('asks Azure under the deployment, with the key in its own header', async () => {
  const { path, headers } = await sent(azure(), { model: 'mine' });
  expect(path).toMatch(/^\/openai\/deployments\/mine\/chat\/completions\?api-version=/);
  expect(headers['api-key']).toBe(KEY);
});

it('asks a local server in the older words', async () => {
  const { body } = await sent(local(), { model: 'llama' });
  expect(body).toMatchObject({ max_tokens: 500, response_format: { type: 'json_object' } });
  expect(JSON.stringify(body['messages'])).toContain('satisfy this JSON Schema');
});

describe('what is sent to anthropic', () => {
  const model = 'claude-sonnet-5-5';

  it('holds the contract as output format, the system text apart, and the stable key', async () => {
    const { path, headers, body } = await sent(anthropic(), { model });
    expect(path).toBe('/v1/messages');
    expect(headers['idempotency-key']).toBe('run-1/title/2');
    expect(headers['anthropic-version']).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(body).toEqual({
      model,
      max_tokens: 500,
      temperature: 0.3,
      system: 'Be brief.',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'A title.' }] }],
      output_config: { format: { type: 'json_schema', schema: STRICT } },
      stream: true,
    });
  });

  it('holds all results of one turn in one message', async () => {
    const { body } = await sent(anthropic(), { model, messages: TALK, contract: null });
    const messages = body['messages'] as Array<{ role: string; content: unknown }>;
    expect(messages.map((message) => message.role)).toEqual(['user', 'assistant', 'user']);
    expect(messages[2]?.content).toEqual([
      { type: 'tool_result', tool_use_id: 'a', content: 'one', is_error: false },
      { type: 'tool_result', tool_use_id: 'b', content: 'gone', is_error: true },
    ]);
  });
});

it.each([
  ['openai', openai, 'gpt-5.4', 'authorization'],
  ['azure_openai', azure, 'mine', 'api-key'],
  ['anthropic', anthropic, 'claude-sonnet-5-5', 'authorization'],
] as const)(
  '%s sends its key in one header only, and never the data behind the prompt',
  async (_, make, model, header) => {
    const { path, headers, body } = await sent(make(), { model });
    expect(headers[header]).toContain(KEY);
    const others = Object.entries(headers).filter(([name]) => name !== header);
    expect(JSON.stringify([path, others, body])).not.toContain(KEY);
    expect(JSON.stringify(body)).not.toContain('never sent');
  },
);

it('goes out through the fetch that it is handed', async () => {
  const urls: string[] = [];
  const counting: typeof fetch = (input, init) => {
    urls.push(input instanceof Request ? input.url : input.toString());
    return fetch(input, init);
  };
  await sent(createOpenAiProvider({ apiKey: KEY, baseUrl: `${server.url}/v1` }, { fetch: counting }));
  await sent(createAnthropicProvider({ apiKey: KEY, baseUrl: server.url }, { fetch: counting }), {
    model: 'claude-sonnet-5-5',
  });
  expect(urls).toEqual([`${server.url}/v1/chat/completions`, `${server.url}/v1/messages`]);
});
