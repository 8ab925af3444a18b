import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { liveEvents } from './live-events.ts';
import type { LiveMessage } from './live-events.ts';

let server: Server | undefined;
afterEach(async () => {
  await new Promise((done) => (server === undefined ? done(undefined) : server.close(done)));
  server = undefined;
});

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server?.address() as AddressInfo).port}/events`;
}

const event = (id: string, type = 'task.completed') =>
  `id: ${id}\nevent: ${type}\ndata: {"n":${Number.parseInt(id)}}\n\n`;

async function collect(
  url: string,
  options: { maxReconnects?: number; signal?: AbortSignal } = {},
): Promise<LiveMessage[]> {
  const found: LiveMessage[] = [];
  const signal = options.signal ?? new AbortController().signal;
  const isLast = ({ event: type }: LiveMessage) => type === 'run.completed';
  for await (const message of liveEvents({
    url,
    headers: { authorization: 'Bearer t' },
    fetch,
    isLast,
    ...options,
    signal,
  }))
    found.push(message);
  return found;
}

describe('live events', () => {
  it('go on after the last id when the connection breaks, without a gap or a repeat', async () => {
    const asked: Array<string | undefined> = [];
    const url = await listen((request, response) => {
      asked.push(request.headers['last-event-id']?.toString());
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (asked.length === 1) {
        response.write(event('1.0') + event('2.0'), () => response.destroy());
        return;
      }
      response.end(event('3.0') + event('4.0', 'run.completed'));
    });
    expect((await collect(url)).map(({ id }) => id)).toEqual(['1.0', '2.0', '3.0', '4.0']);
    expect(asked).toEqual([undefined, '2.0']);
  });

  it('end after the last message although the server keeps the connection open', async () => {
    const url = await listen((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(event('1.0', 'run.completed'));
    });
    expect(await collect(url)).toHaveLength(1);
    server?.closeAllConnections();
  });

  it('say what the server said when it refuses', async () => {
    const url = await listen((_, response) => {
      response.writeHead(404, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ code: 'RUN_NOT_FOUND', detail: 'There is no such run.' }));
    });
    await expect(collect(url)).rejects.toMatchObject({ code: 'RUN_NOT_FOUND', status: 404 });
  });

  it('give up when nobody answers', async () => {
    const url = await listen((_, response) => response.end());
    await new Promise((done) => server?.close(done));
    server = undefined;
    await expect(collect(url, { maxReconnects: 1 })).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
  });

  it('stop quietly when they are aborted', async () => {
    const stop = new AbortController();
    const url = await listen((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(event('1.0'));
      setTimeout(() => stop.abort(), 50);
    });
    expect(await collect(url, { signal: stop.signal })).toHaveLength(1);
    server?.closeAllConnections();
  });
});
