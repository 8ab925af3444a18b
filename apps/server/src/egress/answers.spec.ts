import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server as TcpServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { EgressRequest } from '@stagewright/engine';

import { EGRESS_LIMITS, EgressClient, allowHosts } from './index.ts';

const MiB = 1024 * 1024;
const text = (body: Uint8Array): string => new TextDecoder().decode(body);

describe('an answer', () => {
  let server: Server;
  let host: string;
  let client: EgressClient;
  let answerWith: RequestListener;
  beforeAll(async () => {
    server = createServer((request, response) => answerWith(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    client = new EgressClient({
      allow: allowHosts([host, '127.0.0.1:1']),
      limits: { idleMs: 1_000, totalMs: 4_000 },
    });
  });
  afterEach(() => server.closeAllConnections());
  afterAll(async () => {
    await client.close();
    await new Promise((resolve) => server.close(resolve));
  });
  const call = (more: Partial<EgressRequest> = {}) =>
    client.request({ url: `http://${host}/a?b=c`, method: 'GET', ...more });

  describe('comes back as it is', () => {
    it.each([200, 201, 204, 304, 400, 404, 410, 429, 500, 503])('with status %i', async (status) => {
      answerWith = (_request, response) => void response.writeHead(status, { 'x-a': ['1', '2'] }).end();
      expect(await call()).toMatchObject({ status, headers: { 'x-a': '1, 2' } });
    });

    it('with what was asked for', async () => {
      answerWith = (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          response.setHeader('content-type', 'application/json');
          response.end(
            JSON.stringify([
              request.method,
              request.url,
              request.headers.host,
              Buffer.concat(chunks).toString(),
            ]),
          );
        });
      };
      expect((await call({ method: 'PUT', body: 'Tea' })).json()).toEqual(['PUT', '/a?b=c', host, 'Tea']);
    });

    it.each([
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
    ])('unpacked from %s', async (encoding, pack) => {
      answerWith = (_request, response) =>
        void response.writeHead(200, { 'content-encoding': encoding }).end(pack('Tea '.repeat(1_000)));
      const answer = await call();
      expect(text(answer.body)).toBe('Tea '.repeat(1_000));
      expect(answer.headers).not.toHaveProperty('content-encoding');
      expect(answer.headers).not.toHaveProperty('content-length');
    });

    it('as large as the limit', async () => {
      answerWith = (_request, response) => void response.end(Buffer.alloc(EGRESS_LIMITS.bytes, 'a'));
      expect((await call({ timeoutMs: 10_000 })).body).toHaveLength(10 * MiB);
    });

    it('and says so when it should be JSON and is not', async () => {
      answerWith = (_request, response) => void response.end('<html>');
      const answer = await call();
      expect(() => answer.json()).toThrow(expect.objectContaining({ code: 'UPSTREAM_INVALID' }));
    });
  });

  it.each([
    [301, 'https://new.example/place?token=x', 'https://new.example'],
    [302, 'http://127.0.0.1/secret', 'http://127.0.0.1'],
    [303, '/elsewhere', 'http://127.0.0.1'],
    [307, '//evil.example/', 'http://evil.example'],
    [308, 'file:///etc/passwd', 'file:'],
    [302, 'http://', 'a place that is no URL'],
  ])('H06: a redirect %i to %s is refused, and nobody goes there', async (status, location, named) => {
    const asked: unknown[] = [];
    answerWith = (request, response) => {
      asked.push(request.url);
      response.writeHead(status, { location }).end('moved');
    };
    const error = (await call({ headers: { authorization: 'Bearer x' } }).catch(
      (reason: unknown) => reason,
    )) as Error;
    expect(error).toMatchObject({ code: 'EGRESS_BLOCKED', retryable: false });
    expect(error.message).toContain(named);
    expect(error.message).not.toMatch(/token|secret/);
    expect(asked).toEqual(['/a?b=c']);
  });

  describe('H12: is cut off', () => {
    it.each<[string, RequestListener, boolean]>([
      [
        'when it has no end',
        (_request, response) => {
          const more = (): void => {
            while (response.write(Buffer.alloc(65_536, 'a')));
            response.once('drain', more);
          };
          more();
        },
        false,
      ],
      [
        'when it says it is too large and is',
        (_request, response) => void response.end(Buffer.alloc(10 * MiB + 1)),
        false,
      ],
      [
        'when it is a gzip bomb',
        (_request, response) =>
          void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(9 * MiB))),
        false,
      ],
      [
        'when it is a brotli bomb',
        (_request, response) =>
          void response
            .writeHead(200, { 'content-encoding': 'br' })
            .end(brotliCompressSync(Buffer.alloc(9 * MiB))),
        false,
      ],
      [
        'when its headers have no end',
        (_request, response) => void response.writeHead(200, { 'x-a': 'a'.repeat(40_000) }).end(),
        false,
      ],
      [
        'when it is an event stream that never ends',
        (_request, response) => {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          const timer = setInterval(() => response.write('data: x\n\n'), 20);
          response.on('close', () => clearInterval(timer));
        },
        true,
      ],
      [
        'when it falls silent',
        (_request, response) => {
          response.write('a');
        },
        true,
      ],
    ])('%s', async (_what, listener, retryable) => {
      answerWith = listener;
      // What is too large is found by its size, however slow the machine is.
      const time = retryable ? {} : { timeoutMs: 20_000 };
      await expect(call(time)).rejects.toMatchObject({ code: 'UPSTREAM_LIMIT', retryable });
    });

    it('before a bomb is unpacked: the memory stays small', async () => {
      const bomb = gzipSync(Buffer.alloc(256 * MiB));
      answerWith = (_request, response) =>
        void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
      const before = process.memoryUsage.rss();
      await expect(call({ timeoutMs: 10_000 })).rejects.toMatchObject({ code: 'UPSTREAM_LIMIT' });
      expect(process.memoryUsage.rss() - before).toBeLessThan(128 * MiB);
    });
  });

  it.each<[string, RequestListener, string, boolean]>([
    ['that never begins', () => undefined, 'UPSTREAM_TIMEOUT', true],
    [
      'that breaks off',
      (request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('a');
        setTimeout(() => request.socket.destroy(), 20);
      },
      'UPSTREAM_UNREACHABLE',
      true,
    ],
    [
      'that is not packed as it says',
      (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('plain'),
      'UPSTREAM_INVALID',
      false,
    ],
    [
      'packed twice',
      (_request, response) =>
        void response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end(gzipSync(gzipSync('a'))),
      'UPSTREAM_INVALID',
      false,
    ],
    [
      'packed in an unknown way',
      (_request, response) => void response.writeHead(200, { 'content-encoding': 'constructor' }).end('a'),
      'UPSTREAM_INVALID',
      false,
    ],
  ])('%s is an error', async (_what, listener, code, retryable) => {
    answerWith = listener;
    await expect(call()).rejects.toMatchObject({ code, retryable });
  });

  it('that nobody gives, because nobody listens, is an error worth another try', async () => {
    await expect(client.request({ url: 'http://127.0.0.1:1/', method: 'GET' })).rejects.toMatchObject({
      code: 'UPSTREAM_UNREACHABLE',
      retryable: true,
    });
  });

  it('is not waited for once the caller has gone', async () => {
    answerWith = () => undefined;
    const caller = new AbortController();
    const begun = call({ signal: caller.signal, timeoutMs: 10_000 });
    setTimeout(() => caller.abort(), 20);
    await expect(begun).rejects.toMatchObject({ code: 'EGRESS_ABORTED' });
    await expect(call({ signal: caller.signal })).rejects.toMatchObject({ code: 'EGRESS_ABORTED' });
  });

  it.each<[string, Partial<EgressRequest>]>([
    ['a method of its own', { method: 'CONNECT' as 'GET' }],
    ['a body where none belongs', { body: 'x' }],
    ['a body that is too large', { method: 'POST', body: 'x'.repeat(10 * MiB + 1) }],
    ['no time', { timeoutMs: 0 }],
    ['a time that is no number', { timeoutMs: Number.NaN }],
  ])('is not asked for with %s', async (_what, more) => {
    await expect(call(more)).rejects.toMatchObject({ code: 'EGRESS_REQUEST_INVALID' });
  });
});

describe('what speaks no HTTP', () => {
  let server: TcpServer;
  let said: string;
  beforeAll(async () => {
    server = createTcpServer((socket) => {
      socket.on('error', () => undefined).on('data', () => socket.write(said));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it.each([
    ['SSH-2.0-OpenSSH_9.2\r\n', 'UPSTREAM_INVALID'],
    ['HTTP/1.1 200 OK\r\nx-a: 1', 'UPSTREAM_TIMEOUT'],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n', 'UPSTREAM_INVALID'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab', 'UPSTREAM_UNREACHABLE'],
  ])('is an error: %j', async (first, code) => {
    said = first;
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = new EgressClient({ allow: allowHosts([host]), limits: { totalMs: 2_000 } });
    await expect(client.request({ url: `http://${host}/`, method: 'GET' })).rejects.toMatchObject({ code });
    await client.close();
  });
});

describe('the proxies that the environment names', () => {
  const NAMES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'NODE_USE_ENV_PROXY'];

  it('are not asked', async () => {
    let proxied = 0;
    const proxy = createServer((_request, response) => {
      proxied += 1;
      response.end('proxy');
    });
    const server = createServer((_request, response) => void response.end('direct'));
    for (const one of [proxy, server])
      await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
    const portOf = (one: Server): number => (one.address() as AddressInfo).port;
    const kept = Object.fromEntries(NAMES.map((name) => [name, process.env[name]]));
    try {
      for (const name of NAMES)
        process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : `http://127.0.0.1:${portOf(proxy)}`;
      const host = `127.0.0.1:${portOf(server)}`;
      const client = new EgressClient({ allow: allowHosts([host]) });
      expect(text((await client.request({ url: `http://${host}/`, method: 'GET' })).body)).toBe('direct');
      expect(proxied).toBe(0);
      await client.close();
    } finally {
      for (const name of NAMES) {
        if (kept[name] === undefined) delete process.env[name];
        else process.env[name] = kept[name];
      }
      for (const one of [proxy, server]) await new Promise((resolve) => one.close(resolve));
    }
  });
});
