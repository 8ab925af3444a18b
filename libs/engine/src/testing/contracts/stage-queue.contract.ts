import { withFixture } from './test-runner.ts';
import type { Fixture, TestRunner } from './test-runner.ts';
import type { QueuedWork, StageQueue } from '../../ports/stage-queue.ts';

export interface StageQueueFixture extends Fixture {
  queue: StageQueue;
}

const item = (n: number): QueuedWork => ({
  run: 'run-1',
  work: `stage/${n}`,
  attempt: 1,
  fence: 0,
  lane: n % 2 === 0 ? 'ai' : 'system',
});
const few = { concurrency: { ai: 2, system: 1 } };

/** What every implementation of the stage queue port does. */
export function stageQueueContract(
  runner: TestRunner,
  name: string,
  make: () => Promise<StageQueueFixture> | StageQueueFixture,
): void {
  const use = withFixture(make);
  runner.describe(`${name} keeps the contract of a stage queue`, () => {
    handsOut(runner, use);
    endsWell(runner, use);
  });
}

type Use = ReturnType<typeof withFixture<StageQueueFixture>>;

function handsOut({ it, expect }: TestRunner, use: Use): void {
  it(
    'hands every item to the consumer, also those that came before it',
    use(async ({ queue }) => {
      await queue.enqueue([item(1)]);
      const seen: QueuedWork[] = [];
      queue.consume((work) => Promise.resolve(void seen.push(work)), few);
      await queue.enqueue([item(2), item(3)]);
      await until(() => seen.length === 3);
      expect(seen.map((work) => work.work).sort()).toEqual(['stage/1', 'stage/2', 'stage/3']);
      expect(seen[0]).toEqual({ ...seen[0], run: 'run-1', attempt: 1 });
      await queue.close(1_000);
    }),
  );

  it(
    'does not hand everything to one consumer at once',
    use(async ({ queue }) => {
      let busy = 0;
      let most = 0;
      let done = 0;
      const handler = async (): Promise<void> => {
        most = Math.max(most, (busy += 1));
        await new Promise((resolve) => setTimeout(resolve, 5));
        busy -= 1;
        done += 1;
      };
      queue.consume(handler, few);
      await queue.enqueue(Array.from({ length: 500 }, (_, n) => item(n)));
      await until(() => done === 500);
      expect(most < 100).toBe(true);
      await queue.close(1_000);
    }),
  );

  it(
    'takes an item that may wait already once, and again when it has been handed out',
    use(async ({ queue }) => {
      const seen: string[] = [];
      for (let times = 0; times < 3; times += 1) await queue.enqueue([item(1), item(2)], { again: true });
      queue.consume((work) => Promise.resolve(void seen.push(work.work)), few);
      await until(() => seen.length === 2);
      await queue.enqueue([item(3)]);
      await until(() => seen.includes('stage/3'));
      expect([...seen].sort()).toEqual(['stage/1', 'stage/2', 'stage/3']);
      const known = seen.length;
      for (let tries = 0; seen.length === known && tries < 1_000; tries += 1) {
        await queue.enqueue([item(1)], { again: true });
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      expect(seen.at(-1)).toBe('stage/1');
      await queue.close(1_000);
    }),
  );
}

function endsWell({ it, expect }: TestRunner, use: Use): void {
  it(
    'goes on after a handler that failed',
    use(async ({ queue }) => {
      const seen: string[] = [];
      queue.consume((work) => {
        seen.push(work.work);
        return work.work === 'stage/1' ? Promise.reject(new Error('no')) : Promise.resolve();
      }, few);
      await queue.enqueue([item(1), item(2)]);
      await until(() => seen.includes('stage/2'));
      await queue.close(1_000);
      expect(seen.includes('stage/1')).toBe(true);
    }),
  );

  it(
    'waits for what is under way when it is closed, and takes nothing new',
    use(async ({ queue }) => {
      const seen: string[] = [];
      queue.consume(async (work) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        seen.push(work.work);
      }, few);
      await queue.enqueue([item(1)]);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await queue.close(5_000);
      const before = seen.length;
      await queue.enqueue([item(2)]).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(seen.length).toBe(before);
    }),
  );
}

/** Real time: queues of other processes have their own. */
async function until(true_: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1_000 && !true_(); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 5));
  if (!true_()) throw new Error('The queue did not hand out its items within five seconds.');
}
