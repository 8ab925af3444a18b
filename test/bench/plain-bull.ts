import { randomUUID } from 'node:crypto';

import Bull from 'bull';

import { secondsOf } from './drive.ts';
import { REDIS_URL, removeKeys } from './redis-server.ts';

const STAGES = 5;
const CONCURRENCY = 100;
const ADDED_AT_ONCE = 100;

interface Step {
  chain: number;
  stage: number;
  n: number;
}

/**
 * What people build by hand: a queue in one process, whose processor adds the job of the next stage with the output in its
 * data. Nothing is in a database, nothing can be looked up, tried again or approved. Gives stages per second.
 */
export async function plainBullChain(chains: number): Promise<number> {
  const prefix = `stagewright-bench-${randomUUID()}`;
  const queue = new Bull<Step>('chain', REDIS_URL, { prefix, settings: { drainDelay: 1 } });
  const ends = new Map<number, (n: number) => void>();
  void queue.process(CONCURRENCY, async ({ data: { chain, stage, n } }) => {
    if (stage < STAGES) await queue.add({ chain, stage: stage + 1, n: n + 1 });
    else ends.get(chain)?.(n + 1);
    return { n: n + 1 };
  });
  try {
    await queue.isReady();
    await run(queue, ends, { from: 0, to: chains / 5 });
    const seconds = await secondsOf(() => run(queue, ends, { from: chains, to: 2 * chains }));
    return (STAGES * chains) / seconds;
  } finally {
    await queue.close();
    await removeKeys(prefix);
  }
}

async function run(
  queue: Bull.Queue<Step>,
  ends: Map<number, (n: number) => void>,
  { from, to }: { from: number; to: number },
): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  const answers = numbers.map((chain) => new Promise<number>((resolve) => ends.set(chain, resolve)));
  for (let index = 0; index < numbers.length; index += ADDED_AT_ONCE) {
    const some = numbers.slice(index, index + ADDED_AT_ONCE);
    await queue.addBulk(some.map((chain) => ({ data: { chain, stage: 1, n: 0 } })));
  }
  const wrong = (await Promise.all(answers)).find((n) => n !== STAGES);
  if (wrong !== undefined) throw new Error(`A chain ended with ${wrong}, not with ${STAGES}.`);
}
