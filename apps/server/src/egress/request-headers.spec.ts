import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { EgressClient, allowHosts } from './index.ts';

describe('headers of a request', () => {
  let server: Server;
  let client: EgressClient;
  let url: string;
  const seen: IncomingHttpHeaders[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(request.headers);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    url = `http://${host}/`;
    client = new EgressClient({ allow: allowHosts([host]) });
  });
  afterAll(async () => {
    await client.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each<[string, Record<string, string>]>([
    ['a line end in a value', { 'x-a': 'x\r\nX-Evil: 1' }],
    ['a bare line feed', { 'x-a': 'x\nX-Evil: 1' }],
    ['a bare carriage return', { 'x-a': 'x\rX-Evil: 1' }],
    ['a NUL', { 'x-a': 'x\0' }],
    ['letters beyond ASCII, which some servers fold into line ends', { 'x-a': 'x\u010d\u010aX-Evil: 1' }],
    ['a line end in a name', { 'x-a\r\nx-evil': '1' }],
    ['a space in a name', { 'x a': '1' }],
    ['a colon in a name', { 'x-a:': '1' }],
    ['no name', { '': '1' }],
    ['another host', { Host: 'evil.example' }],
    ['another length', { 'content-length': '5' }],
    ['another framing', { 'Transfer-Encoding': 'chunked' }],
    ['a connection option', { Connection: 'close, x-a' }],
    ['keep-alive', { 'Keep-Alive': 'timeout=600' }],
    ['an upgrade', { Upgrade: 'websocket' }],
    ['trailers', { Trailer: 'x-a' }],
    ['te', { TE: 'trailers' }],
    ['expect', { Expect: '100-continue' }],
    ['proxy credentials', { 'Proxy-Authorization': 'Basic x' }],
    ['an encoding that nothing unpacks', { 'Accept-Encoding': 'zstd' }],
    ['a name twice', { 'X-A': '1', 'x-a': '2' }],
    ['a value that is too long', { 'x-a': 'x'.repeat(8_193) }],
    ['too many', Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`x-${index}`, '1']))],
    ['a value that is no text', { 'x-a': 7 as unknown as string }],
  ])('H11: %s is refused, and nothing is sent', async (_what, headers) => {
    const before = seen.length;
    await expect(client.request({ url, method: 'GET', headers })).rejects.toMatchObject({
      code: 'HEADER_INVALID',
      retryable: false,
    });
    expect(seen).toHaveLength(before);
  });

  it('that are harmless arrive as they were given', async () => {
    await client.request({
      url,
      method: 'POST',
      headers: { Authorization: 'Bearer x.y', 'X-Note': 'a: b; c="d"\te', accept: '*/*' },
      body: 'x',
    });
    expect(seen.at(-1)).toMatchObject({
      authorization: 'Bearer x.y',
      'x-note': 'a: b; c="d"\te',
      accept: '*/*',
      'content-length': '1',
    });
  });
});
