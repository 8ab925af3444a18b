import type { OfflineOptions } from './offline/offline.provider.ts';
import { OFFLINE_MODEL } from './offline/offline.provider.ts';
import type { ServiceFetch } from './service-fetch.ts';

export interface OpenAiSettings {
  apiKey: string;
  /** Default: OpenAI's own. */
  baseUrl?: string | null;
  model?: string | null;
}

export interface AzureOpenAiSettings {
  apiKey: string;
  /** `https://<resource>.openai.azure.com` */
  endpoint: string;
  apiVersion?: string | null;
  /** Name of the deployment that `azure_openai` means without a model. */
  deployment?: string | null;
}

export interface AnthropicSettings {
  apiKey: string;
  /** Default: Anthropic's own. */
  baseUrl?: string | null;
  model?: string | null;
}

export interface LocalAiSettings {
  /** With the version part: `http://127.0.0.1:11434/v1`. */
  baseUrl: string;
  apiKey?: string | null;
  model?: string | null;
  /** `json_object` for servers that do not know JSON Schema. Default `json_schema`. */
  structured?: 'json_schema' | 'json_object';
}

/** What the server's settings say about AI services. A provider that is absent or null is not set up. */
export interface AiSettings {
  openai?: OpenAiSettings | null;
  azureOpenai?: AzureOpenAiSettings | null;
  anthropic?: AnthropicSettings | null;
  local?: LocalAiSettings | null;
  /** The provider that the alias `default` means, where more than one is set up. */
  prefer?: string | null;
}

/** For the providers that call a service. */
export interface SdkOptions {
  /** The way out to the network. Default: the egress checks, open to this service's own origin alone. */
  fetch?: ServiceFetch;
  /** Milliseconds that a service may stay silent before the call counts as timed out. Default 120,000. */
  timeoutMs?: number;
  /** False for services that cannot stream. Default true. */
  stream?: boolean;
}

export interface AiRouterOptions extends SdkOptions {
  offline?: OfflineOptions;
}

export const DEFAULT_TIMEOUT_MS = 120_000;

export type ProviderName = 'openai' | 'anthropic' | 'azure_openai' | 'local' | 'offline';

/** In the order in which `default` takes the first that is set up. */
export const PROVIDER_NAMES: readonly ProviderName[] = [
  'openai',
  'anthropic',
  'azure_openai',
  'local',
  'offline',
];

/** The model of a provider that is named without one. Null: only the operator can know. */
export const DEFAULT_MODELS: Record<ProviderName, string | null> = {
  openai: 'gpt-5.4',
  anthropic: 'claude-sonnet-5-5',
  azure_openai: null,
  local: null,
  offline: OFFLINE_MODEL,
};

/** The settings that set a provider up, for hints. */
export const PROVIDER_SETTINGS: Record<ProviderName, { required: string; model: string }> = {
  openai: { required: 'OPENAI_API_KEY', model: 'OPENAI_MODEL' },
  anthropic: { required: 'ANTHROPIC_API_KEY', model: 'ANTHROPIC_MODEL' },
  azure_openai: {
    required: 'AZURE_OPENAI_API_KEY and AZURE_OPENAI_ENDPOINT',
    model: 'AZURE_OPENAI_DEPLOYMENT',
  },
  local: { required: 'LOCAL_AI_BASE_URL', model: 'LOCAL_AI_MODEL' },
  offline: { required: 'nothing', model: 'nothing' },
};
