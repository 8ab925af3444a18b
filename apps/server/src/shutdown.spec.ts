import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { createServer } from './server.ts';
import type { RunningServer } from './server.ts';

jest.setTimeout(120_000);

/** A stop that waits for any of them waits for the 30 seconds of its grace; a busy machine is slow, but not so slow. */
const PROMPT_MS = 10_000;

let folder: string;
let server: RunningServer;
/** Timers that Jest itself has under way. */
let timersBefore: number;
const agent = new Agent({ keepAlive: true });
beforeEach(async () => {
  timersBefore = timers();
  folder = mkdtempSync(join(tmpdir(), 'shutdown-'));
  const environment = {
    DATA_DIR: join(folder, 'data'),
    PORT: '0',
    LOG_LEVEL: 'silent',
    PATH: process.env['PATH'],
  };
  server = await createServer({ environment });
});
afterEach(async () => {
  await server.close();
  agent.destroy();
  rmSync(folder, { recursive: true, force: true });
});

function ask(path: string, body?: object): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' };
    const method = body === undefined ? 'GET' : 'POST';
    const sent = request(`${server.url}${path}`, { method, headers, agent }, resolve).on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function text(response: IncomingMessage): Promise<string> {
  let all = '';
  for await (const chunk of response) all += String(chunk);
  return all;
}

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

async function closedIn(): Promise<number> {
  const before = performance.now();
  await server.close();
  return performance.now() - before;
}

describe('a server that is stopped', () => {
  it('ends live streams and idle connections at once, and leaves nothing that keeps the process', async () => {
    const draft = { template: 'ebook', inputs: { topic: 'Tea', audience: 'Everyone' }, start: false };
    const created = JSON.parse(await text(await ask('/api/v1/runs', draft))) as { id: string; state: string };
    expect(created).toMatchObject({ state: 'draft' });
    expect(JSON.parse(await text(await ask('/health/ready')))).toMatchObject({ status: 'ready' });
    const streams = await Promise.all(
      Array.from({ length: 3 }, () => ask(`/api/v1/runs/${created.id}/events`)),
    );
    await Promise.all(streams.map((stream) => new Promise((resolve) => stream.once('data', resolve))));
    const told = Promise.all(streams.map(text));
    expect(await closedIn()).toBeLessThan(PROMPT_MS);
    for (const stream of await told) expect(stream).not.toContain('event: error');
    expect(streams.every((stream) => stream.complete)).toBe(true);
    expect(timers()).toBeLessThanOrEqual(timersBefore);
  });

  it('lets a sync of the registry end, and is prompt about it', async () => {
    const sync = ask('/api/v1/registry/sync', {});
    await new Promise((resolve) => setTimeout(resolve, 100));
    const took = await closedIn();
    expect((await sync).statusCode).toBe(200);
    expect(took).toBeLessThan(10_000);
  });
});
