import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { buildConnector } from 'undici';

import { EgressClient, allowHosts } from './index.ts';

/** A certificate for self.example that no authority signed, and its key. Good for this file and nothing else. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBnjCCAUSgAwIBAgIUWb8WvBR/1Uu3k2VIDwTkyLn5kz0wCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMc2VsZi5leGFtcGxlMCAXDTI2MTEyMTE0MDczOFoYDzIxMjYx
MDI4MTQwNzM4WjAXMRUwEwYDVQQDDAxzZWxmLmV4YW1wbGUwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAQRZ/dfwQc3QlLMjeLwcVHB178ER3xCedlQecTQYMnD8m2w
oMcgoE9GoRpF5LpiV9t1GI/oWfkX2Rj5w0WhRSiVo2wwajAdBgNVHQ4EFgQUX9De
2oy817rNWMVUUf9yfy139wMwHwYDVR0jBBgwFoAUX9De2oy817rNWMVUUf9yfy13
9wMwDwYDVR0TAQH/BAUwAwEB/zAXBgNVHREEEDAOggxzZWxmLmV4YW1wbGUwCgYI
KoZIzj0EAwIDSAAwRQIgSg1HOOocs4JS90UOL1SvQQnxAQhT9ovsNCDpXdjlwxQC
IQD/VuAa+4SFvn6YGUH7YjSIBMFswAAdGT7JRNXRrPBKDQ==
-----END CERTIFICATE-----`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgIk2l/aDjd3kWodtq
qRuQ1BhJ0dr+1687CzL/EXirdN2hRANCAAQRZ/dfwQc3QlLMjeLwcVHB178ER3xC
edlQecTQYMnD8m2woMcgoE9GoRpF5LpiV9t1GI/oWfkX2Rj5w0WhRSiV
-----END PRIVATE KEY-----`;

describe('a service behind TLS', () => {
  let server: Server;
  let port: number;
  let client: EgressClient;
  const named: unknown[] = [];
  beforeAll(async () => {
    server = createServer({ cert: CERTIFICATE, key: KEY }, (request, response) => {
      named.push((request.socket as TLSSocket & { servername?: unknown }).servername);
      response.end('hello');
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => client.close());
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  /** A public address as far as the checks know, while the bytes go to the server of this test. */
  function clientWith(trust: { ca?: string }): EgressClient {
    const open = buildConnector({ allowH2: false, rejectUnauthorized: true, ...trust });
    return new EgressClient({
      allow: allowHosts(['self.example', 'other.example']),
      resolve: () => Promise.resolve(['93.184.216.34']),
      connect: (wanted, callback) => open({ ...wanted, hostname: '127.0.0.1', port: String(port) }, callback),
    });
  }

  it('is asked for by its name, although the connection goes to a checked address', async () => {
    client = clientWith({ ca: CERTIFICATE });
    const { body } = await client.request({ url: 'https://self.example/', method: 'GET' });
    expect([new TextDecoder().decode(body), named]).toEqual(['hello', ['self.example']]);
  });

  it.each([
    ['whose certificate is for another name', 'https://other.example/', { ca: CERTIFICATE }],
    ['whose certificate nobody vouches for', 'https://self.example/', {}],
  ])('%s is refused for good', async (_what, url, trust) => {
    client = clientWith(trust);
    await expect(client.request({ url, method: 'GET' })).rejects.toMatchObject({
      code: 'UPSTREAM_UNTRUSTED',
      retryable: false,
    });
  });

  it('is checked by the connections of the product too, whatever the environment says', async () => {
    const kept = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      client = new EgressClient({ allow: allowHosts([`127.0.0.1:${port}`]) });
      await expect(
        client.request({ url: `https://127.0.0.1:${port}/`, method: 'GET' }),
      ).rejects.toMatchObject({
        code: 'UPSTREAM_UNTRUSTED',
      });
    } finally {
      if (kept === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = kept;
    }
  });
});
