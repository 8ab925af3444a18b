import { describe, expect, it } from '@jest/globals';
import type { AiProvider } from '@stagewright/engine';
import { aiProviderContract } from '@stagewright/engine/testing';
import type { ServiceFault } from '@stagewright/engine/testing';

import { startAiProtocolServer } from '../../../../test/support/ai-protocol-server/ai-protocol-server.ts';
import type { Reply } from '../../../../test/support/ai-protocol-server/script.ts';
import {
  createAnthropicProvider,
  createAzureOpenAiProvider,
  createLocalProvider,
  createOfflineProvider,
  createOpenAiProvider,
} from './index.ts';

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
      willCall: (call) => server.script({ kind: 'answer', answer: { toolCalls: [call] } }),
      willFail: (fault) => server.script(replyOf(fault)),
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

/** The fault in the script of the protocol server. */
function replyOf(fault: ServiceFault): Reply {
  switch (fault.kind) {
    case 'status': {
      const { status, retryAfterSeconds } = fault;
      const headers: Record<string, string> =
        retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
      return { kind: 'error', status, headers };
    }
    case 'cut':
      return { kind: 'answer', answer: { text: 'Half of a text that was to be longer.', fault: 'cut' } };
    case 'half-tool-call':
      return { kind: 'answer', answer: { toolCalls: [fault.call], fault: 'half-tool-call' } };
    case 'garbage':
      return { kind: 'answer', answer: { text: 'Some text.', fault: 'garbage-event' } };
  }
}
