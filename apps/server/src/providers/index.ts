export { createAiRouter } from './ai-router.ts';
export { createAnthropicProvider } from './anthropic/anthropic.provider.ts';
export { createOfflineProvider } from './offline/offline.provider.ts';
export type { OfflineOptions } from './offline/offline.provider.ts';
export {
  createAzureOpenAiProvider,
  createLocalProvider,
  createOpenAiProvider,
} from './openai/openai.provider.ts';
export type {
  AiRouterOptions,
  AiSettings,
  AnthropicSettings,
  AzureOpenAiSettings,
  LocalAiSettings,
  OpenAiSettings,
  ProviderName,
  SdkOptions,
} from './provider-settings.ts';
