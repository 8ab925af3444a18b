import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createActionRegistry } from '@stagewright/engine';
import type { Actor, Json, RunView } from '@stagewright/engine';
import { createIsolation } from '@stagewright/engine/isolation';
import { planOf, plansOf, scriptedRouter, systemStage, testDesk } from '@stagewright/engine/testing';
import { http } from '@stagewright/plugin-http';

import { EgressClient, allowHosts } from '../../apps/server/src/egress/index.ts';

/*
 * A stage that calls out, with the real plugin and the real way out: what a hostile template or a hostile service
 * makes of it is an error of the stage, with its code, and the run ends.
 */

const isolation = createIsolation();
afterAll(() => isolation.close());
const ann: Actor = { kind: 'user', id: 'ann' };
const literal = (value: Json) => ({ kind: 'literal', value }) as const;

describe('a stage that calls a service', () => {
  let service: Server;
  let egress: EgressClient;
  let host: string;
  let answerWith: RequestListener;
  let calls = 0;
  beforeAll(async () => {
    service = createServer((request, response) => {
      calls += 1;
      answerWith(request, response);
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    host = `127.0.0.1:${(service.address() as AddressInfo).port}`;
    egress = new EgressClient({ allow: allowHosts([host]), limits: { idleMs: 1_000 } });
  });
  afterAll(async () => {
    await egress.close();
    service.closeAllConnections();
    await new Promise((resolve) => service.close(resolve));
  });

  async function run(input: Record<string, Json>, permissions = ['http:read']): Promise<RunView> {
    const values = Object.fromEntries(Object.entries(input).map(([name, value]) => [name, literal(value)]));
    const retry = { attempts: 1, delayMs: 0, maxDelayMs: 0 };
    const { engine } = testDesk({
      plans: plansOf(planOf([systemStage('call', 'http/get', { with: values, permissions, retry })])),
      ai: scriptedRouter(),
      isolation,
      actions: createActionRegistry([http], { readAsset: () => Promise.reject(new Error('none')) }),
      egress: (request) => egress.request(request),
    });
    const { id } = await engine.create('w', { template: 'test', inputs: {} }, ann);
    await engine.quiet();
    return await engine.get('w', id);
  }

  it('gets its answer', async () => {
    answerWith = (_request, response) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end('{"tea":"Oolong"}');
    const view = await run({ url: `http://${host}/teas` });
    expect(view).toMatchObject({
      state: 'done',
      stages: [{ output: { status: 200, body: { tea: 'Oolong' } } }],
    });
  });

  // Who answers wrongly has the time to do so on a busy machine too; only what never ends is left to the clock.
  it.each<[string, RequestListener, string?]>([
    [
      'a gzip bomb',
      (_request, response) =>
        void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(9_000_000))),
    ],
    ['more than 10 MiB', (_request, response) => void response.end(Buffer.alloc(10 * 1024 * 1024 + 1))],
    [
      'a stream without an end',
      (_request, response) => {
        const timer = setInterval(() => response.write('data: x\n\n'), 10);
        response.on('close', () => clearInterval(timer));
      },
      '3s',
    ],
    ['one byte and then silence', (_request, response) => void response.write('x')],
  ])('H12: fails with UPSTREAM_LIMIT on %s', async (_what, listener, timeout = '30s') => {
    answerWith = listener;
    expect(await run({ url: `http://${host}/`, timeout })).toMatchObject({
      state: 'failed',
      stages: [{ error: { code: 'UPSTREAM_LIMIT' } }],
    });
  });

  it('H06: fails with EGRESS_BLOCKED on a redirect', async () => {
    answerWith = (_request, response) =>
      void response.writeHead(302, { location: 'http://127.0.0.1/secret' }).end();
    expect(await run({ url: `http://${host}/` })).toMatchObject({
      state: 'failed',
      stages: [{ error: { code: 'EGRESS_BLOCKED' } }],
    });
  });

  it.each<[string, Record<string, Json>, string[], string]>([
    ['H01: the machine itself', { url: 'http://127.0.0.1:6379/' }, ['http:read'], 'EGRESS_BLOCKED'],
    ['H07: a file', { url: 'file:///etc/passwd' }, ['http:read'], 'EGRESS_BLOCKED'],
    [
      'H09: two addresses',
      { url: 'https://ok.example', uri: 'http://127.0.0.1' },
      ['http:read'],
      'ACTION_INPUT_INVALID',
    ],
    [
      'a method that writes',
      { url: 'https://ok.example', method: 'POST' },
      ['http:read'],
      'ACTION_INPUT_INVALID',
    ],
    ['nothing that it may', { url: 'https://ok.example' }, [], 'PERMISSION_MISSING'],
  ])('fails, once and for good, when it asks for %s', async (_what, input, permissions, code) => {
    const before = calls;
    const view = await run(input, permissions);
    expect(view).toMatchObject({ state: 'failed', stages: [{ error: { code, retryable: false } }] });
    expect(calls).toBe(before);
  });

  it('H11: fails with HEADER_INVALID on a header that frames the message', async () => {
    const before = calls;
    const hostile: Array<Record<string, string>> = [
      { 'x-a': 'x\r\nX-Evil: 1' },
      { Host: 'evil.example' },
      { 'Transfer-Encoding': 'chunked' },
    ];
    for (const headers of hostile)
      expect((await run({ url: `http://${host}/`, headers })).stages[0]?.error?.code).toBe('HEADER_INVALID');
    expect(calls).toBe(before);
  });
});
