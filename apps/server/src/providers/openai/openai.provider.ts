import type { AiProvider, AiRequest } from '@stagewright/engine';
import type { ClientOptions, OpenAI } from 'openai';

import type { RawAnswer } from '../answer.ts';
import { DEFAULT_TIMEOUT_MS } from '../provider-settings.ts';
import type {
  AzureOpenAiSettings,
  LocalAiSettings,
  OpenAiSettings,
  SdkOptions,
} from '../provider-settings.ts';
import type { ServiceFacts } from '../providers.errors.ts';
import { createSdkProvider, onFirstCall } from '../sdk-call.ts';
import type { AnswerListener, SdkService } from '../sdk-call.ts';
import { createServiceFetch } from '../service-fetch.ts';
import { createChatAccumulator, readCompletion } from './openai-answer.ts';
import { chatRequest } from './openai-request.ts';
import type { RequestStyle } from './openai-request.ts';

const OPENAI_URL = 'https://api.openai.com/v1';
/** GA version of Azure's data plane that has structured outputs and stream usage. */
const AZURE_API_VERSION = '2024-10-21';
/** Servers on one's own machine ask for no key; the SDK sends one anyway. */
const NO_KEY = 'none';

/** OpenAI's chat completions. */
export function createOpenAiProvider(settings: OpenAiSettings, options: SdkOptions = {}): AiProvider {
  const client = openAi({
    ...base(options, settings.baseUrl),
    apiKey: settings.apiKey,
    baseURL: settings.baseUrl ?? OPENAI_URL,
  });
  const facts = { provider: 'openai', keySetting: 'OPENAI_API_KEY' };
  return provider(
    client,
    facts,
    { secrets: [settings.apiKey], anyModel: false, structured: 'json_schema' },
    options,
  );
}

/** Azure OpenAI: the model is the name of a deployment, so any model may answer. */
export function createAzureOpenAiProvider(
  settings: AzureOpenAiSettings,
  options: SdkOptions = {},
): AiProvider {
  const client = onFirstCall(async () => {
    const { AzureOpenAI } = await import('openai');
    return new AzureOpenAI({
      ...base(options, settings.endpoint),
      apiKey: settings.apiKey,
      // The client must not fall back to OPENAI_BASE_URL of the environment; null leaves the endpoint in charge.
      baseURL: null,
      endpoint: settings.endpoint,
      apiVersion: settings.apiVersion ?? AZURE_API_VERSION,
    });
  });
  const facts = { provider: 'azure_openai', keySetting: 'AZURE_OPENAI_API_KEY' };
  return provider(
    client,
    facts,
    { secrets: [settings.apiKey], anyModel: true, structured: 'json_schema' },
    options,
  );
}

/** Any server that speaks chat completions: Ollama, vLLM, llama.cpp, LM Studio, a gateway. */
export function createLocalProvider(settings: LocalAiSettings, options: SdkOptions = {}): AiProvider {
  const client = openAi({
    ...base(options, settings.baseUrl),
    apiKey: settings.apiKey ?? NO_KEY,
    baseURL: settings.baseUrl,
  });
  const facts = { provider: 'local', keySetting: 'LOCAL_AI_API_KEY' };
  const secrets = settings.apiKey ? [settings.apiKey] : [];
  return provider(
    client,
    facts,
    { secrets, anyModel: true, structured: settings.structured ?? 'json_schema' },
    options,
  );
}

type ClientOf = () => Promise<OpenAI>;

function openAi(settings: ClientOptions): ClientOf {
  return onFirstCall(async () => {
    const { OpenAI } = await import('openai');
    return new OpenAI(settings);
  });
}

/** Nothing is read from the environment by the SDK: an absent option would be. */
function base(options: SdkOptions, configured: string | null | undefined) {
  return {
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    logLevel: 'off' as const,
    fetch: options.fetch ?? createServiceFetch(configured, OPENAI_URL),
  };
}

type Traits = Pick<SdkService, 'secrets' | 'anyModel'> & Pick<RequestStyle, 'structured'>;

function provider(client: ClientOf, facts: ServiceFacts, traits: Traits, options: SdkOptions): AiProvider {
  const style: RequestStyle = {
    structured: traits.structured,
    tokenLimit: facts.provider === 'local' ? 'max_tokens' : 'max_completion_tokens',
  };
  const ask = options.stream === false ? askAtOnce : askStreaming;
  return createSdkProvider({
    ...facts,
    secrets: traits.secrets,
    anyModel: traits.anyModel,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    ask: async (request, listener) => ask({ client: await client(), facts, style }, request, listener),
  });
}

interface Service {
  client: OpenAI;
  facts: ServiceFacts;
  style: RequestStyle;
}

async function askStreaming(
  service: Service,
  request: AiRequest,
  listener: AnswerListener,
): Promise<RawAnswer> {
  const params = {
    ...chatRequest(request, service.style),
    stream: true as const,
    stream_options: { include_usage: true },
  };
  const stream = await service.client.chat.completions.create(params, sdkOptions(request, listener));
  listener.heard();
  const accumulator = createChatAccumulator(service.facts);
  for await (const chunk of stream) {
    listener.heard();
    const delta = accumulator.add(chunk);
    if (delta !== '') listener.onText(delta);
  }
  return accumulator.answer;
}

async function askAtOnce(service: Service, request: AiRequest, listener: AnswerListener): Promise<RawAnswer> {
  const completion = await service.client.chat.completions.create(
    chatRequest(request, service.style),
    sdkOptions(request, listener),
  );
  const answer = readCompletion(completion, service.facts);
  if (answer.text !== '') listener.onText(answer.text);
  return answer;
}

function sdkOptions(request: AiRequest, listener: AnswerListener): OpenAI.RequestOptions {
  return { signal: listener.signal, headers: { 'Idempotency-Key': request.idempotencyKey } };
}
