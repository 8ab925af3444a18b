import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AiProvider, AiRequest } from '@stagewright/engine';

import { startAiProtocolServer } from '../../../../test/support/ai-protocol-server/ai-protocol-server.ts';
import type {
  AiProtocolServer,
  Reply,
} from '../../../../test/support/ai-protocol-server/ai-protocol-server.ts';
import {
  createAnthropicProvider,
  createAzureOpenAiProvider,
  createLocalProvider,
  createOpenAiProvider,
} from './index.ts';
import type { SdkOptions } from './index.ts';

const KEY = 'sk-test-0123456789abcdef';

interface Service {
  model: string;
  make(url: string, options?: SdkOptions): AiProvider;
}

const SERVICES: Record<string, Service> = {
  openai: {
    model: 'gpt-5.4',
    make: (url, options) => createOpenAiProvider({ apiKey: KEY, baseUrl: `${url}/v1` }, options),
  },
  azure_openai: {
    model: 'mine',
    make: (url, options) => createAzureOpenAiProvider({ apiKey: KEY, endpoint: url }, options),
  },
  local: {
    model: 'llama',
    make: (url, options) => createLocalProvider({ apiKey: KEY, baseUrl: `${url}/v1` }, options),
  },
  anthropic: {
    model: 'claude-sonnet-5-5',
    make: (url, options) => createAnthropicProvider({ apiKey: KEY, baseUrl: url }, options),
  },
};

const TOOL = { id: 'call_1', name: 'http__request', input: { url: 'https://example.org/a/long/path' } };
const error = (status: number, more: Partial<Extract<Reply, { kind: 'error' }>> = {}): Reply => ({
  kind: 'error',
  status,
  ...more,
});

interface Expected {
  code: string;
  retryable: boolean;
  retryAfterMs?: number;
}

const FAULTS: Array<[story: string, reply: Reply, expected: Expected]> = [
  [
    'a wrong key',
    error(401, { message: `Incorrect API key provided: ${KEY}` }),
    { code: 'PROVIDER_AUTH', retryable: false },
  ],
  ['a key without the right', error(403), { code: 'PROVIDER_AUTH', retryable: false }],
  [
    'an unknown model',
    error(404, { message: 'The model does not exist' }),
    { code: 'PROVIDER_REJECTED', retryable: false },
  ],
  [
    'a bad request',
    error(400, { message: `Bad value near ${KEY}` }),
    { code: 'PROVIDER_REJECTED', retryable: false },
  ],
  ['too many requests', error(429), { code: 'PROVIDER_RATE_LIMITED', retryable: true }],
  [
    'too many requests, come again in seconds',
    error(429, { headers: { 'retry-after': '7' } }),
    { code: 'PROVIDER_RATE_LIMITED', retryable: true, retryAfterMs: 7000 },
  ],
  [
    'too many requests, come again in milliseconds',
    error(429, { headers: { 'retry-after-ms': '250' } }),
    { code: 'PROVIDER_RATE_LIMITED', retryable: true, retryAfterMs: 250 },
  ],
  ['a time-out that the service reports', error(408), { code: 'PROVIDER_TIMEOUT', retryable: true }],
  ['a failing server', error(500), { code: 'PROVIDER_UNAVAILABLE', retryable: true }],
  [
    'a server that says when it is back',
    error(503, { headers: { 'retry-after': '3' } }),
    { code: 'PROVIDER_UNAVAILABLE', retryable: true, retryAfterMs: 3000 },
  ],
  ['an overloaded service', error(529), { code: 'PROVIDER_UNAVAILABLE', retryable: true }],
  ['a reset connection', { kind: 'reset' }, { code: 'PROVIDER_UNAVAILABLE', retryable: true }],
  ['silence', { kind: 'silent' }, { code: 'PROVIDER_TIMEOUT', retryable: true }],
  [
    'a redirect',
    { kind: 'redirect', location: 'http://127.0.0.1:9/' },
    { code: 'PROVIDER_REJECTED', retryable: false },
  ],
  [
    'no reason for the end',
    { kind: 'answer', answer: { text: 'Half', stop: 'none' } },
    { code: 'STREAM_TRUNCATED', retryable: true },
  ],
  [
    'an empty answer',
    { kind: 'answer', answer: { text: '' } },
    { code: 'PROVIDER_PROTOCOL', retryable: true },
  ],
  [
    'two tool calls with one id',
    { kind: 'answer', answer: { toolCalls: [TOOL, TOOL] } },
    { code: 'PROVIDER_PROTOCOL', retryable: true },
  ],
  [
    'tool calls that do not come',
    { kind: 'answer', answer: { text: 'I will call.', stop: 'tool_calls' } },
    { code: 'PROVIDER_PROTOCOL', retryable: true },
  ],
];

const STREAM_FAULTS: Array<[story: string, reply: Reply, expected: Expected]> = [
  [
    'a cut stream',
    { kind: 'answer', answer: { text: 'A text that is cut in the middle.', fault: 'cut' } },
    { code: 'STREAM_TRUNCATED', retryable: true },
  ],
  [
    'half a tool call',
    { kind: 'answer', answer: { toolCalls: [TOOL], fault: 'half-tool-call' } },
    { code: 'STREAM_TRUNCATED', retryable: true },
  ],
  [
    'half a tool call and no end',
    { kind: 'answer', answer: { toolCalls: [TOOL], fault: 'half-tool-call', stop: 'none' } },
    { code: 'STREAM_TRUNCATED', retryable: true },
  ],
  [
    'an event that is not JSON',
    { kind: 'answer', answer: { text: 'A text that breaks off.', fault: 'garbage-event' } },
    { code: 'PROVIDER_PROTOCOL', retryable: true },
  ],
  [
    'an error inside the stream',
    { kind: 'answer', answer: { text: 'A text that breaks off.', fault: 'error-event' } },
    { code: 'PROVIDER_UNAVAILABLE', retryable: true },
  ],
  [
    'a stream without events',
    { kind: 'raw', contentType: 'text/event-stream', body: '' },
    { code: 'STREAM_TRUNCATED', retryable: true },
  ],
  [
    'a stream that stalls',
    { kind: 'answer', answer: { text: 'A text that never ends in time.', delayMs: 900 } },
    { code: 'PROVIDER_TIMEOUT', retryable: true },
  ],
];

const PLAIN_FAULTS: Array<[story: string, reply: Reply, expected: Expected]> = [
  [
    'JSON that breaks off',
    { kind: 'raw', contentType: 'application/json', body: '{"id": "x", "cho' },
    { code: 'PROVIDER_PROTOCOL', retryable: true },
  ],
  [
    'JSON of another protocol',
    { kind: 'raw', contentType: 'application/json', body: '{"ok": true}' },
    { code: 'PROVIDER_PROTOCOL', retryable: true },
  ],
  [
    'a page instead of JSON',
    { kind: 'raw', contentType: 'text/html', body: '<html>Log in</html>' },
    { code: 'PROVIDER_PROTOCOL', retryable: true },
  ],
];

let server: AiProtocolServer;
beforeAll(async () => {
  server = await startAiProtocolServer();
});
afterAll(() => server.close());

function ask(model: string, changes: Partial<AiRequest> = {}): AiRequest {
  return {
    model,
    system: null,
    messages: [{ role: 'user', text: 'Go on.' }],
    contract: null,
    temperature: null,
    maxTokens: null,
    tools: [
      {
        name: 'http__request',
        description: 'Gets a page.',
        input: { type: 'object', properties: { url: { type: 'string' } } },
      },
    ],
    idempotencyKey: 'key',
    subject: {},
    ...changes,
  };
}

function isSlow(reply: Reply): boolean {
  return reply.kind === 'silent' || (reply.kind === 'answer' && reply.answer.delayMs !== undefined);
}

async function failureOf(
  service: Service,
  reply: Reply,
  options: SdkOptions,
): Promise<Record<string, unknown>> {
  server.script(reply);
  // Only what is slow on purpose is timed: the others answer in their own time, on a busy machine too.
  const timeoutMs = isSlow(reply) ? 400 : 10_000;
  const call = service
    .make(server.url, { timeoutMs, ...options })
    .generate(ask(service.model), { signal: new AbortController().signal });
  const error: unknown = await call.then(
    (result) => ({ answered: result }),
    (reason: unknown) => reason,
  );
  expect(error).toHaveProperty('code');
  return error as Record<string, unknown>;
}

describe.each(Object.entries(SERVICES))('%s', (name, service) => {
  describe.each([
    ['streaming', {}, [...FAULTS, ...STREAM_FAULTS]],
    ['in one piece', { stream: false }, [...FAULTS, ...PLAIN_FAULTS]],
  ])('%s', (_, options, faults) => {
    it.each(faults)('reports %s once, as a typed error without a key', async (_story, reply, expected) => {
      const failure = await failureOf(service, reply, options);
      const { code, retryable, retryAfterMs } = failure;
      expect({ code, retryable, retryAfterMs }).toEqual({ retryAfterMs: undefined, ...expected });
      expect(`${String(failure['message'])} ${String(failure['hint'])}`).not.toContain(KEY);
      expect(failure['message']).toContain(name);
      // The engine tries again, not the SDK.
      expect(server.requests).toHaveLength(1);
    });

    it('waits until the date that a service names', async () => {
      const date = new Date(Date.now() + 30_000).toUTCString();
      const { retryAfterMs } = await failureOf(
        service,
        error(429, { headers: { 'retry-after': date } }),
        options,
      );
      expect(retryAfterMs).toBeGreaterThan(25_000);
      expect(retryAfterMs).toBeLessThanOrEqual(30_000);
    });

    it('gives tool calls with their input, and the tokens', async () => {
      server.script({
        kind: 'answer',
        answer: {
          text: 'One moment.',
          toolCalls: [TOOL, { ...TOOL, id: 'call_2' }],
          inputTokens: 40,
          outputTokens: 9,
        },
      });
      const result = await service
        .make(server.url, options)
        .generate(ask(service.model), { signal: new AbortController().signal });
      expect(result).toMatchObject({
        text: 'One moment.',
        stopReason: 'tool_calls',
        toolCalls: [TOOL, { ...TOOL, id: 'call_2' }],
        usage: { inputTokens: 40, outputTokens: 9 },
      });
    });

    it('uses no tool call of an answer that the token limit cut', async () => {
      server.script({ kind: 'answer', answer: { text: 'One', toolCalls: [TOOL], stop: 'max_tokens' } });
      const result = await service
        .make(server.url, options)
        .generate(ask(service.model), { signal: new AbortController().signal });
      expect(result).toMatchObject({ text: 'One', stopReason: 'max_tokens', toolCalls: [] });
    });

    it('tells a refusal from an answer', async () => {
      server.script({ kind: 'answer', answer: { text: 'No.', stop: 'refusal' } });
      const result = await service
        .make(server.url, options)
        .generate(ask(service.model), { signal: new AbortController().signal });
      expect(result.stopReason).toBe('refusal');
    });
  });

  it('reports a host whose name is not found, and a port where nobody listens', async () => {
    for (const url of ['http://stagewright.invalid', 'http://127.0.0.1:1']) {
      const call = service.make(url).generate(ask(service.model), { signal: new AbortController().signal });
      await expect(call).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE', retryable: true });
    }
  });
});

describe('the model that answers', () => {
  const answered = (model: string): Reply => ({ kind: 'answer', answer: { text: 'Yes.', model } });

  it.each([
    ['openai', 'gpt-5.4-2026-03-01'],
    ['anthropic', 'claude-sonnet-5-5-20260915'],
    ['azure_openai', 'gpt-5.4'],
    ['local', 'some-file.gguf'],
  ])('may be a snapshot of the one asked, or anything where names are free: %s', async (name, model) => {
    const service = SERVICES[name] as Service;
    server.script(answered(model));
    const result = await service
      .make(server.url)
      .generate(ask(service.model), { signal: new AbortController().signal });
    expect(result.model).toBe(model);
  });

  it.each([
    ['openai', 'gpt-5.4-nano'],
    ['anthropic', 'claude-haiku-4-5'],
  ])('of %s may not be another one', async (name, model) => {
    const failure = await failureOf(SERVICES[name] as Service, answered(model), {});
    expect(failure).toMatchObject({ code: 'PROVIDER_PROTOCOL', retryable: true });
  });
});

it('says that waiting does not help when the credit is used up', async () => {
  const reply = error(429, { type: 'insufficient_quota', code: 'insufficient_quota' });
  expect(await failureOf(SERVICES['openai'] as Service, reply, {})).toMatchObject({
    code: 'PROVIDER_RATE_LIMITED',
    retryable: false,
  });
});
