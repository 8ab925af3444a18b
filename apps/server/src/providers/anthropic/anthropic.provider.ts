import type { Anthropic } from '@anthropic-ai/sdk';
import type { AiProvider, AiRequest } from '@stagewright/engine';

import type { RawAnswer } from '../answer.ts';
import { DEFAULT_TIMEOUT_MS } from '../provider-settings.ts';
import type { AnthropicSettings, SdkOptions } from '../provider-settings.ts';
import { createSdkProvider, onFirstCall } from '../sdk-call.ts';
import type { AnswerListener } from '../sdk-call.ts';
import { createServiceFetch } from '../service-fetch.ts';
import { createMessageAccumulator, readMessage } from './anthropic-answer.ts';
import { messagesRequest } from './anthropic-request.ts';

const ANTHROPIC_URL = 'https://api.anthropic.com';
const FACTS = { provider: 'anthropic', keySetting: 'ANTHROPIC_API_KEY' };

/** Anthropic's messages. */
export function createAnthropicProvider(settings: AnthropicSettings, options: SdkOptions = {}): AiProvider {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const client = onFirstCall(async () => {
    const { Anthropic } = await import('@anthropic-ai/sdk');
    return new Anthropic({
      apiKey: settings.apiKey,
      webhookKey: null,
      baseURL: settings.baseUrl ?? ANTHROPIC_URL,
      maxRetries: 0,
      timeout: timeoutMs,
      logLevel: 'off',
      openTelemetry: false,
      fetch: options.fetch ?? createServiceFetch(settings.baseUrl, ANTHROPIC_URL),
    });
  });
  const ask = options.stream === false ? askAtOnce : askStreaming;
  return createSdkProvider({
    ...FACTS,
    secrets: [settings.apiKey],
    anyModel: false,
    timeoutMs,
    ask: async (request, listener) => ask(await client(), request, listener),
  });
}

async function askStreaming(
  client: Anthropic,
  request: AiRequest,
  listener: AnswerListener,
): Promise<RawAnswer> {
  const stream = await client.messages.create(
    { ...messagesRequest(request), stream: true },
    sdkOptions(request, listener),
  );
  listener.heard();
  const accumulator = createMessageAccumulator(FACTS);
  for await (const event of stream) {
    listener.heard();
    const delta = accumulator.add(event);
    if (delta !== '') listener.onText(delta);
  }
  return accumulator.answer;
}

async function askAtOnce(
  client: Anthropic,
  request: AiRequest,
  listener: AnswerListener,
): Promise<RawAnswer> {
  const message = await client.messages.create(messagesRequest(request), sdkOptions(request, listener));
  const answer = readMessage(message, FACTS);
  if (answer.text !== '') listener.onText(answer.text);
  return answer;
}

function sdkOptions(request: AiRequest, listener: AnswerListener): Anthropic.RequestOptions {
  return { signal: listener.signal, headers: { 'Idempotency-Key': request.idempotencyKey } };
}
