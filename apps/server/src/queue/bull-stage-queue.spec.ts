import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { randomUUID } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { QueuedWork } from '@stagewright/engine';
import { stageQueueContract } from '@stagewright/engine/testing';
import Bull from 'bull';
import type { Queue } from 'bull';

import { REDIS_URL } from '../../../../test/support/redis.ts';
import { BullStageQueue } from './bull-stage-queue.ts';
import type { Envelope } from './bull-stage-queue.ts';

const FEW = { concurrency: { ai: 2, system: 1 } };
const item = (n: number, more: Partial<QueuedWork> = {}): QueuedWork => ({
  run: 'run-1',
  work: `stage/${n}`,
  attempt: 1,
  fence: 0,
  lane: 'system',
  ...more,
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 2_000 && !(await holds()); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await holds()).toBe(true);
}

const describeWithRedis = REDIS_URL === undefined ? describe.skip : describe;

describeWithRedis('dispatch over Redis', () => {
  const url = REDIS_URL ?? '';
  const made: BullStageQueue[] = [];
  let prefix: string;
  let proxy: Server;
  const sockets = new Set<Socket>();
  beforeEach(() => {
    prefix = `test-${randomUUID()}`;
  });
  afterEach(async () => {
    await Promise.all(made.splice(0).map((queue) => queue.close(5_000)));
  });

  function queues(redisUrl = url): Record<'ai' | 'system', Queue<Envelope>> {
    const options = { prefix, settings: { drainDelay: 1 } };
    return { ai: new Bull('ai', redisUrl, options), system: new Bull('system', redisUrl, options) };
  }
  async function open(origin = 'one', redisUrl = url) {
    const bull = queues(redisUrl);
    const queue = new BullStageQueue(bull, origin);
    made.push(queue);
    await until(() => queue.fault === null);
    return { queue, bull };
  }

  stageQueueContract({ describe, it, expect }, 'BullStageQueue', async () => ({
    queue: (await open()).queue,
  }));

  it('carries ids only, many in a job for actions and one in a job for models', async () => {
    const { queue, bull } = await open();
    const many = Array.from({ length: 60 }, (_, n) => item(n));
    await Promise.all([
      queue.enqueue(many),
      queue.enqueue([item(1, { lane: 'ai' }), item(2, { lane: 'ai' })]),
    ]);
    const waiting = await bull.system.getWaiting();
    expect(waiting.map(({ data }) => data.items.length).sort((a, b) => b - a)).toEqual([25, 25, 10]);
    expect(Object.keys(waiting[0]?.data.items[0] ?? {}).sort()).toEqual([
      'attempt',
      'fence',
      'lane',
      'run',
      'work',
    ]);
    expect(await bull.ai.getWaitingCount()).toBe(2);
  });

  it('puts work in again under a new id for each fence and each process, and under the same one otherwise', async () => {
    const [one, two] = [await open('one'), await open('two')];
    for (const { queue } of [one, one, two]) await queue.enqueue([item(1)], { again: true });
    expect(await one.bull.system.getWaitingCount()).toBe(2);
    await one.queue.enqueue([item(1, { fence: 1 })], { again: true });
    expect(await one.bull.system.getWaitingCount()).toBe(3);
  });

  it('spreads what one process puts in over those that take it out', async () => {
    const { queue } = await open('front');
    const seen: Record<string, number> = { a: 0, b: 0 };
    for (const name of ['a', 'b']) {
      const slow = async (): Promise<void> => {
        seen[name] = (seen[name] ?? 0) + 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
      };
      (await open(name)).queue.consume(slow, FEW);
    }
    await queue.enqueue(Array.from({ length: 200 }, (_, n) => item(n)));
    await until(() => (seen['a'] ?? 0) + (seen['b'] ?? 0) === 200);
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
  });

  it('leaves nothing behind in Redis, also of work that failed', async () => {
    const { queue, bull } = await open();
    let done = 0;
    queue.consume(() => (done++ % 2 === 0 ? Promise.reject(new Error('no')) : Promise.resolve()), FEW);
    await queue.enqueue(Array.from({ length: 50 }, (_, n) => item(n)));
    await until(async () => done === 50 && (await bull.system.getJobCounts()).active === 0);
    expect(await bull.system.getJobCounts()).toMatchObject({
      waiting: 0,
      active: 0,
      completed: 0,
      failed: 0,
      delayed: 0,
    });
  });

  it('refuses at once while Redis is away, and goes on by itself when it is back', async () => {
    const address = new URL(url);
    let reachable = true;
    proxy = createServer((socket) => {
      if (!reachable) return void socket.destroy();
      sockets.add(socket);
      const onward = connect(Number(address.port || 6379), address.hostname);
      socket.pipe(onward).pipe(socket);
      for (const end of [socket, onward])
        end.on('error', () => undefined).on('close', () => [socket, onward].forEach((one) => one.destroy()));
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { queue } = await open('one', `redis://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    const seen: string[] = [];
    queue.consume(({ work }) => Promise.resolve(void seen.push(work)), FEW);
    await queue.enqueue([item(1)]);
    await until(() => seen.length === 1);

    reachable = false;
    for (const socket of sockets) socket.destroy();
    await until(() => queue.fault === 'QUEUE_UNAVAILABLE');
    await expect(queue.enqueue([item(2)])).rejects.toMatchObject({
      code: 'QUEUE_UNAVAILABLE',
      retryable: true,
    });
    reachable = true;
    await until(() => queue.fault === null);
    await queue.enqueue([item(3)]);
    await until(() => seen.includes('stage/3'));
    await queue.close(1_000);
    await new Promise((resolve) => proxy.close(resolve));
  });

  it('ends in its time although Redis was never there', async () => {
    const queue = new BullStageQueue(queues('redis://127.0.0.1:1'), 'one');
    queue.consume(() => Promise.resolve(), FEW);
    await expect(queue.enqueue([item(1)])).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
    expect(queue.fault).toBe('QUEUE_UNAVAILABLE');
    await queue.close(200);
  });
});
