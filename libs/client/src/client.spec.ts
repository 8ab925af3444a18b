import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient } from './client.ts';
import type { StagewrightClient } from './client.ts';

interface Received {
  call: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

let server: Server;
let received: Received[];
let answer: (request: Received, response: ServerResponse) => void;
let client: StagewrightClient;
let baseUrl: string;

const json =
  (value: unknown, status = 200) =>
  (_: Received, response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };

beforeEach(async () => {
  received = [];
  answer = json({ id: 'r' });
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const got = {
        call: `${request.method} ${request.url}`,
        headers: request.headers,
        body: Buffer.concat(chunks),
      };
      received.push(got);
      answer(got, response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = createClient({ baseUrl, token: 'secret' });
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

describe('a call', () => {
  it.each<[string, () => Promise<unknown>, unknown]>([
    ['GET /api/v1/templates?limit=200', () => client.listTemplates(), null],
    ['GET /api/v1/templates/e%2Fbook', () => client.getTemplate('e/book'), null],
    ['GET /api/v1/runs', () => client.listRuns(), null],
    ['GET /api/v1/runs?state=done&limit=5', () => client.listRuns({ state: 'done', limit: 5 }), null],
    ['GET /api/v1/runs/a%2F..', () => client.getRun('a/..'), null],
    [
      'POST /api/v1/runs',
      () => client.createRun({ template: 'ebook', inputs: { topic: 'Bees' } }),
      { template: 'ebook', inputs: { topic: 'Bees' } },
    ],
    ['POST /api/v1/runs/r/pause', () => client.sendVerb('r', 'pause'), {}],
    [
      'POST /api/v1/runs/r%2Fx/approve',
      () => client.sendVerb('r/x', 'approve', { stage: 'a', round: 1 }),
      { stage: 'a', round: 1 },
    ],
    [
      'POST /api/v1/runs/r/rerun/preview',
      () => client.previewVerb('r', 'rerun', { from: 'a' }),
      { from: 'a' },
    ],
    ['GET /api/v1/artifacts/a%2Fb/provenance', () => client.getProvenance('a/b'), null],
    ['GET /api/v1/artifacts/a/provenance/signed', () => client.getSignedProvenance('a'), null],
    ['GET /api/v1/provenance/key', () => client.getProvenanceKey(), null],
    ['GET /api/v1/artifacts/a%2Fb/content', () => client.downloadArtifact('a/b'), null],
  ])('goes to %s, with the token', async (call, send, body) => {
    await send();
    expect(received.map((one) => one.call)).toEqual([call]);
    expect(received[0]?.headers.authorization).toBe('Bearer secret');
    const text = received[0]?.body.toString() ?? '';
    expect(text === '' ? null : JSON.parse(text)).toEqual(body);
  });

  it('that creates a run names its idempotency key when there is one', async () => {
    await client.createRun({ template: 'ebook', inputs: {} }, 'key-1');
    await client.createRun({ template: 'ebook', inputs: {} });
    expect(received.map(({ headers }) => headers['idempotency-key'])).toEqual(['key-1', undefined]);
  });

  it('reads attempts to the last page', async () => {
    answer = ({ call }, response) => {
      const skip = Number(new URL(call.slice(4), baseUrl).searchParams.get('skip'));
      const left = Math.max(0, 230 - skip);
      json({ items: Array.from({ length: Math.min(100, left) }, (_, n) => ({ attempt: skip + n })) })(
        {} as Received,
        response,
      );
    };
    const attempts = await client.listAttempts('r', { task: 'chapters/2' });
    expect(attempts).toHaveLength(230);
    expect(attempts.at(-1)).toEqual({ attempt: 229 });
    expect(received.map(({ call }) => call)).toEqual(
      [0, 100, 200].map((skip) => `GET /api/v1/runs/r/attempts?task=chapters%2F2&skip=${skip}&limit=100`),
    );
  });
});

describe('files', () => {
  it('go up as a form, with their name, type and bytes', async () => {
    answer = json({ artifact: 'a1' }, 201);
    const content = Uint8Array.from([0, 255, 10, 13, 10]);
    const stored = await client.uploadArtifact({
      name: 'Ångström.zip',
      mediaType: 'application/zip',
      content,
    });
    expect(stored).toEqual({ artifact: 'a1' });
    const type = received[0]?.headers['content-type'] ?? '';
    const form = await new Response(Uint8Array.from(received[0]?.body ?? []), {
      headers: { 'content-type': type },
    }).formData();
    const file = form.get('file') as File;
    expect([file.name, file.type]).toEqual(['Ångström.zip', 'application/zip']);
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(content);
  });

  it('come down byte for byte', async () => {
    answer = (_, response) => response.end(Buffer.from([0, 255, 128]));
    expect(await client.downloadArtifact('a1')).toEqual(Uint8Array.from([0, 255, 128]));
  });
});

describe('a refusal', () => {
  const problem = { code: 'STATE_CONFLICT', detail: 'The run is done.', hint: 'Look again.', state: 'done' };

  it.each<[string, () => Promise<unknown>]>([
    ['of a typed call', () => client.getRun('r')],
    ['of a verb', () => client.sendVerb('r', 'pause')],
    ['of a download', () => client.downloadArtifact('a')],
    [
      'of an upload',
      () => client.uploadArtifact({ name: 'a', mediaType: 'text/plain', content: new Uint8Array(1) }),
    ],
  ])('%s is the problem that the server told', async (_, send) => {
    answer = json(problem, 409);
    await expect(send()).rejects.toMatchObject({
      name: 'ApiError',
      status: 409,
      code: 'STATE_CONFLICT',
      message: 'The run is done.',
      hint: 'Look again.',
      problem: { state: 'done' },
    });
  });

  it.each([
    ['is a page of something else', '<h1>Bad gateway</h1>'],
    ['has no code', '{"detail":"x"}'],
    ['is a list', '[1]'],
    ['is empty', ''],
  ])('whose body %s is not shown', async (_, body) => {
    answer = (__, response) => response.writeHead(502, { 'content-type': 'application/json' }).end(body);
    await expect(client.sendVerb('r', 'pause')).rejects.toMatchObject({
      code: 'SERVER_ANSWER_INVALID',
      status: 502,
      message: 'The server answered 502 without saying why.',
    });
  });

  it('of the network names the address, and never the token', async () => {
    const nowhere = createClient({ baseUrl: 'http://127.0.0.1:1', token: 'secret' });
    const error = await nowhere.getRun('r').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'SERVER_UNREACHABLE',
      status: 0,
      message: 'No server answers at http://127.0.0.1:1.',
    });
    expect(JSON.stringify(error)).not.toContain('secret');
  });
});

it('following a run gives its facts with their ids, to the end', async () => {
  const event = (id: string, type: string) =>
    `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify({ run: 'r', version: 1, at: 'now', fact: { type }, state: 'done', progress: 100 })}\n\n`;
  answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(event('1.0', 'run.started') + event('2.0', 'run.completed'));
  };
  const facts: string[] = [];
  for await (const { id, fact } of client.followRun('r', new AbortController().signal))
    facts.push(`${id} ${fact.type}`);
  expect(facts).toEqual(['1.0 run.started', '2.0 run.completed']);
  expect(received[0]).toMatchObject({
    call: 'GET /api/v1/runs/r/events',
    headers: { authorization: 'Bearer secret' },
  });
});

it('what happened so far is asked for once, and comes whole or not at all', async () => {
  const fact = (id: string, version: number) =>
    `id: ${id}\nevent: run.started\ndata: ${JSON.stringify({ run: 'r', version, at: 'now', fact: { type: 'run.started' }, state: 'running', progress: 0 })}\n\n`;
  answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(fact('1.0', 1) + fact('2.0', 2));
  };
  expect((await client.listEvents('r')).map(({ id, version }) => [id, version])).toEqual([
    ['1.0', 1],
    ['2.0', 2],
  ]);
  expect(received).toMatchObject([{ call: 'GET /api/v1/runs/r/events?follow=false' }]);
  answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(fact('1.0', 1), () => response.destroy());
  };
  await expect(client.listEvents('r')).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
});
