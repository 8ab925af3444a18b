import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { allowOrigins, createOperatorFetch } from './index.ts';

describe('the fetch of a service that the operator configured', () => {
  let server: Server;
  let base: string;
  let answerWith: (request: IncomingMessage, response: ServerResponse) => void;
  beforeAll(async () => {
    server = createServer((request, response) => answerWith(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('reaches its own origin, on this machine too, and streams', async () => {
    answerWith = (request, response) =>
      void response.writeHead(201, { 'x-path': request.url }).end('one two');
    const send = createOperatorFetch({ allow: allowOrigins([`${base}/v1`]) });
    const answer = await send(`${base}/v1/chat`, { method: 'POST', body: 'x' });
    expect([answer.status, answer.headers.get('x-path'), await answer.text()]).toEqual([
      201,
      '/v1/chat',
      'one two',
    ]);
  });

  it('reaches it by a name that leads to a private network', async () => {
    answerWith = (_request, response) => void response.end('ok');
    const named = base.replace('127.0.0.1', 'model.internal');
    const send = createOperatorFetch({
      allow: allowOrigins([named]),
      resolve: () => Promise.resolve(['127.0.0.1']),
    });
    expect(await (await send(named)).text()).toBe('ok');
  });

  it.each([
    ['https://evil.example/v1'],
    ['https://api.github.com.evil.example/'],
    ['http://api.github.com/'],
    ['https://api.github.com:8443/'],
    ['https://x@api.github.com/'],
    ['http://127.0.0.1:6379/'],
  ])('H10: carries its key nowhere else: %s', async (url) => {
    const connections: string[] = [];
    const send = createOperatorFetch({
      allow: allowOrigins(['https://api.github.com']),
      resolve: () => Promise.resolve(['93.184.216.34']),
      connect: ({ hostname }, callback) => {
        connections.push(hostname);
        callback(new Error('recorded'), null);
      },
    });
    const headers = { authorization: 'Bearer key' };
    await expect(send(url, { headers })).rejects.toMatchObject({ code: 'EGRESS_BLOCKED' });
    expect(connections).toEqual([]);
    await send('https://api.github.com/x', { headers }).catch(() => undefined);
    expect(connections).toEqual(['93.184.216.34']);
  });

  it.each([
    ['public', ['127.0.0.1']],
    ['public', ['93.184.216.34', '10.0.0.1']],
    ['public-or-private', ['169.254.169.254']],
    ['public-or-private', ['::ffff:127.0.0.1']],
  ] as const)('trusts a %s origin, but not at %j', async (addresses, answers) => {
    const send = createOperatorFetch({
      allow: allowOrigins(['https://api.openai.com/v1'], addresses),
      resolve: () => Promise.resolve([...answers]),
    });
    await expect(send('https://api.openai.com/v1/models')).rejects.toMatchObject({ code: 'EGRESS_BLOCKED' });
  });

  it('does not follow a redirect', async () => {
    const asked: unknown[] = [];
    answerWith = (request, response) => {
      asked.push(request.url);
      response.writeHead(302, { location: '/secret' }).end();
    };
    const answer = await createOperatorFetch({ allow: allowOrigins([base]) })(`${base}/v1`);
    expect([answer.status, asked]).toEqual([302, ['/v1']]);
  });

  it('ends an answer that is too large, as sent or as unpacked', async () => {
    const send = createOperatorFetch({ allow: allowOrigins([base]), bytes: 1_000 });
    answerWith = (_request, response) => void response.end('a'.repeat(1_001));
    await expect(send(base).then((answer) => answer.text())).rejects.toThrow();
    answerWith = (_request, response) =>
      void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('a'.repeat(1_001)));
    await expect(send(base).then((answer) => answer.text())).rejects.toMatchObject({
      code: 'UPSTREAM_LIMIT',
    });
    answerWith = (_request, response) => void response.end('a'.repeat(1_000));
    expect(await (await send(base)).text()).toHaveLength(1_000);
  });
});
