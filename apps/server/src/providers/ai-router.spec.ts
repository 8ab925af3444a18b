import { describe, expect, it } from '@jest/globals';

import { createAiRouter } from './ai-router.ts';
import type { AiSettings } from './provider-settings.ts';

const OPENAI = { apiKey: 'sk-1' };
const ANTHROPIC = { apiKey: 'sk-2', model: 'claude-opus-5-5' };
const AZURE = { apiKey: 'sk-3', endpoint: 'https://mine.openai.azure.com' };
const LOCAL = { baseUrl: 'http://127.0.0.1:11434/v1', model: 'llama' };

describe('a model alias is served by', () => {
  it.each<[settings: AiSettings, alias: string, provider: string, model: string]>([
    [{}, 'default', 'offline', 'placeholder'],
    [{ openai: null, local: null }, 'default', 'offline', 'placeholder'],
    [{ openai: OPENAI, anthropic: ANTHROPIC }, 'default', 'openai', 'gpt-5.4'],
    [{ local: LOCAL, anthropic: ANTHROPIC }, 'default', 'anthropic', 'claude-opus-5-5'],
    [
      { openai: OPENAI, anthropic: ANTHROPIC, prefer: 'anthropic' },
      'default',
      'anthropic',
      'claude-opus-5-5',
    ],
    [{ openai: OPENAI, prefer: 'offline' }, 'default', 'offline', 'placeholder'],
    [{ openai: OPENAI }, 'offline', 'offline', 'placeholder'],
    [{ openai: OPENAI, local: LOCAL }, 'local', 'local', 'llama'],
    [{ local: LOCAL }, 'local:qwen3:8b', 'local', 'qwen3:8b'],
    [{ openai: { ...OPENAI, model: 'gpt-5.4-mini' } }, 'openai', 'openai', 'gpt-5.4-mini'],
    [{ openai: OPENAI }, 'openai:gpt-5.5', 'openai', 'gpt-5.5'],
    [{ azureOpenai: { ...AZURE, deployment: 'mine' } }, 'default', 'azure_openai', 'mine'],
  ])('%j: %s by %s with %s', (settings, alias, provider, model) => {
    const resolved = createAiRouter(settings).resolve(alias);
    expect([resolved.provider.name, resolved.model]).toEqual([provider, model]);
  });

  it.each<[settings: AiSettings, alias: string, words: RegExp]>([
    [{}, 'openai', /OPENAI_API_KEY/],
    [{}, 'anthropic:claude-opus-5-5', /ANTHROPIC_API_KEY/],
    [{}, 'local', /LOCAL_AI_BASE_URL/],
    [{}, 'azure_openai', /AZURE_OPENAI_API_KEY and AZURE_OPENAI_ENDPOINT/],
    [{ azureOpenai: AZURE }, 'azure_openai', /AZURE_OPENAI_DEPLOYMENT/],
    [{ local: { baseUrl: LOCAL.baseUrl } }, 'default', /LOCAL_AI_MODEL/],
    [{ openai: OPENAI }, 'gpt-5.4', /<provider>:<model>/],
    [{ openai: OPENAI }, 'constructor', /<provider>:<model>/],
  ])('nobody: %j, %s, and the hint says what is missing', (settings, alias, words) => {
    const router = createAiRouter(settings);
    expect(() => router.resolve(alias)).toThrow(
      expect.objectContaining({
        code: 'PROVIDER_NOT_CONFIGURED',
        retryable: false,
        hint: expect.stringMatching(words) as unknown,
      }),
    );
  });

  it('refuses at once to prefer what is not set up', () => {
    expect(() => createAiRouter({ prefer: 'openai' })).toThrow(
      expect.objectContaining({ code: 'PROVIDER_NOT_CONFIGURED' }),
    );
  });

  it('a provider by name, while it is set up', () => {
    const router = createAiRouter({ local: LOCAL });
    expect(router.provider('local')?.name).toBe('local');
    expect(router.provider('openai')).toBeUndefined();
  });
});
