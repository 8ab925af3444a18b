import { describe, expect, it } from '@jest/globals';

import { startAiProtocolServer } from '../../../../test/support/ai-protocol-server/ai-protocol-server.ts';
import {
  createAnthropicProvider,
  createAzureOpenAiProvider,
  createLocalProvider,
  createOfflineProvider,
  createOpenAiProvider,
} from './index.ts';
import { aiProviderContract } from './provider.contract.ts';
import type { AiProvider } from '@stagewright/engine';

const KEY = 'sk-test-0123456789';
const SERVICES: Array<[name: string, model: string, make: (url: string) => AiProvider]> = [
  ['openai', 'gpt-5.4', (url) => createOpenAiProvider({ apiKey: KEY, baseUrl: `${url}/v1` })],
  ['azure_openai', 'my-deployment', (url) => createAzureOpenAiProvider({ apiKey: KEY, endpoint: url })],
  ['local', 'llama', (url) => createLocalProvider({ baseUrl: `${url}/v1` })],
  ['anthropic', 'claude-sonnet-5-5', (url) => createAnthropicProvider({ apiKey: KEY, baseUrl: url })],
];

for (const [name, model, make] of SERVICES) {
  aiProviderContract({ describe, it, expect }, name, async () => {
    const server = await startAiProtocolServer();
    return {
      provider: make(server.url),
      model,
      willAnswer: (text, options) =>
        server.script({ kind: 'answer', answer: { text, ...(options?.slow ? { delayMs: 50 } : {}) } }),
      close: () => server.close(),
    };
  });
}

aiProviderContract({ describe, it, expect }, 'offline', () =>
  Promise.resolve({
    provider: createOfflineProvider({ delayMs: 20 }),
    model: 'placeholder',
    willAnswer: () => undefined,
  }),
);
