import type { AiProvider, AiRouter } from '@stagewright/engine';

import { createAnthropicProvider } from './anthropic/anthropic.provider.ts';
import { createOfflineProvider } from './offline/offline.provider.ts';
import {
  createAzureOpenAiProvider,
  createLocalProvider,
  createOpenAiProvider,
} from './openai/openai.provider.ts';
import { DEFAULT_MODELS, PROVIDER_NAMES, PROVIDER_SETTINGS } from './provider-settings.ts';
import type { AiRouterOptions, AiSettings, ProviderName } from './provider-settings.ts';
import { providerErrors } from './providers.errors.ts';

/**
 * Which provider and model serve a model alias: `default`, `offline`, the name of a provider, or `<provider>:<model>`.
 * `default` is the preferred provider, else the first that is set up, else `offline`. Throws `PROVIDER_NOT_CONFIGURED`,
 * here when `prefer` names a provider that is not set up, and in `resolve` for an alias that nothing serves.
 */
export function createAiRouter(settings: AiSettings, options: AiRouterOptions = {}): AiRouter {
  const providers = setUp(settings, options);
  const preferred = settings.prefer ? named(settings.prefer, providers, settings.prefer) : firstOf(providers);
  return {
    provider: (name) => providers.get(name as ProviderName),
    resolve(alias) {
      const colon = alias.indexOf(':');
      const name = colon < 0 ? alias : alias.slice(0, colon);
      const provider = alias === 'default' ? preferred : named(name, providers, alias);
      const model = colon < 0 ? '' : alias.slice(colon + 1).trim();
      return { provider, model: model === '' ? defaultModel(provider, settings, alias) : model };
    },
  };
}

type Providers = Map<ProviderName, AiProvider>;

function setUp(settings: AiSettings, options: AiRouterOptions): Providers {
  const providers: Providers = new Map();
  if (settings.openai) providers.set('openai', createOpenAiProvider(settings.openai, options));
  if (settings.anthropic) providers.set('anthropic', createAnthropicProvider(settings.anthropic, options));
  if (settings.azureOpenai)
    providers.set('azure_openai', createAzureOpenAiProvider(settings.azureOpenai, options));
  if (settings.local) providers.set('local', createLocalProvider(settings.local, options));
  return providers.set('offline', createOfflineProvider(options.offline));
}

function firstOf(providers: Providers): AiProvider {
  const name = PROVIDER_NAMES.find((candidate) => providers.has(candidate)) ?? 'offline';
  return named(name, providers, 'default');
}

function named(name: string, providers: Providers, alias: string): AiProvider {
  const known = PROVIDER_NAMES.find((candidate) => candidate === name);
  if (known === undefined) throw providerErrors.unknownAlias(alias, PROVIDER_NAMES);
  const provider = providers.get(known);
  if (!provider) throw providerErrors.notConfigured(alias, known, PROVIDER_SETTINGS[known].required);
  return provider;
}

function defaultModel(provider: AiProvider, settings: AiSettings, alias: string): string {
  const name = provider.name as ProviderName;
  const own: Record<ProviderName, string | null | undefined> = {
    openai: settings.openai?.model,
    anthropic: settings.anthropic?.model,
    azure_openai: settings.azureOpenai?.deployment,
    local: settings.local?.model,
    offline: undefined,
  };
  const model = own[name] ?? DEFAULT_MODELS[name];
  if (model === null) throw providerErrors.modelMissing(alias, name, PROVIDER_SETTINGS[name].model);
  return model;
}
