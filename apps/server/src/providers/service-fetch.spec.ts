import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, it } from '@jest/globals';
import type { AiProvider, AiRequest } from '@stagewright/engine';

import {
  createAnthropicProvider,
  createAzureOpenAiProvider,
  createLocalProvider,
  createOpenAiProvider,
} from './index.ts';

const KEY = 'sk-test-0123456789abcdef';
/** The model that each is asked for does not matter here: nothing answers. */
const PROVIDERS: Array<[string, (url: string) => AiProvider]> = [
  ['openai', (url) => createOpenAiProvider({ apiKey: KEY, baseUrl: `${url}/v1` })],
  ['azure_openai', (url) => createAzureOpenAiProvider({ apiKey: KEY, endpoint: url })],
  ['local', (url) => createLocalProvider({ apiKey: KEY, baseUrl: `${url}/v1` })],
  ['anthropic', (url) => createAnthropicProvider({ apiKey: KEY, baseUrl: url })],
];

function ask(provider: AiProvider): Promise<unknown> {
  const request: AiRequest = {
    model: 'gpt-5.4',
    system: null,
    messages: [{ role: 'user', text: 'Tea?' }],
    contract: null,
    temperature: null,
    maxTokens: 16,
    tools: [],
    idempotencyKey: 'k',
    subject: {},
  };
  return provider.generate(request, { signal: new AbortController().signal });
}

describe.each(PROVIDERS)('the way out of %s', (_name, make) => {
  it.each([
    'http://169.254.169.254',
    'http://[fd00:ec2::254]',
    'http://0.0.0.0:8080',
    'http://[::ffff:127.0.0.1]:8080',
  ])('never leads to %s, and that is not tried again', async (url) => {
    await expect(ask(make(url))).rejects.toMatchObject({ code: 'EGRESS_BLOCKED', retryable: false });
  });

  it('leads to a server on this machine when the operator says so, but not where that server redirects', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.headers.host ?? '');
      response.writeHead(307, { location: 'http://localhost:1/v1/steal' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(ask(make(`http://${host}`))).rejects.toMatchObject({
      code: expect.stringMatching(/^PROVIDER_/),
    });
    expect(asked).toEqual([host]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
