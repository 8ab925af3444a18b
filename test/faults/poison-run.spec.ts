import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';

import { factsOf, only } from '../chaos/oracles/evidence.ts';
import { failuresExplained } from '../chaos/oracles/o7-failures-explained.ts';
import { readHistory } from '../chaos/oracles/read-history.ts';
import { SeededRandom } from '../chaos/storm/random.ts';
import { openStage } from '../chaos/storm/stage.ts';
import type { StormStage } from '../chaos/storm/stage.ts';
import { apiOf } from '../e2e/support/api.ts';
import { describeWithServices } from './support/own-services.ts';

jest.setTimeout(300_000);

const MOST_DEATHS = 3;

/**
 * F30 and F34: a task that ends every process which works on it. The model kills whoever asks it about poison, with the
 * signal that the kernel has for a process which takes too much memory.
 */
describeWithServices('a run that kills its workers', (programs) => {
  let stage: StormStage;
  beforeAll(async () => {
    const random = new SeededRandom(1);
    stage = await openStage({ programs, servers: 2, workers: 0, redis: false, random, leaseSeconds: 1 });
    stage.model.calm();
    stage.receiver.calm();
  });
  afterAll(() => stage?.close());

  it('is put into quarantine after three of them, with the reason, and all others go on', async () => {
    const client = () =>
      apiOf({ url: stage.fleet.servers.find(({ up }) => up)?.url ?? '', token: stage.fleet.token });
    const insist = async <T>(ask: () => Promise<T>): Promise<T> => {
      for (let tries = 0; ; tries += 1) {
        try {
          return await ask();
        } catch (error) {
          // Whoever was asked has just died of it.
          if (tries > 600) throw error;
          await new Promise((later) => setTimeout(later, 200));
        }
      }
    };
    const submit = (template: string, name: string) =>
      insist(() => client().create({ template, inputs: { name } }, name));
    const poison = await submit('poison', 'poison');
    const others = [await submit('note', 'one'), await submit('note', 'two'), await submit('note', 'three')];
    await insist(() => client().until(poison.id, 'failed', 30_000));
    for (const { id } of others) {
      await insist(() => client().until(id, 'approval_pending', 30_000));
      expect((await insist(() => client().verb(id, 'approve', { stage: 'text', round: 1 }))).status).toBe(
        200,
      );
      await insist(() => client().until(id, 'done', 30_000));
    }

    const { runs } = await readHistory(stage.databaseUrl);
    const facts = factsOf(runs.find(({ id }) => id === poison.id)!);
    expect(only(facts, 'task.interrupted')).toHaveLength(MOST_DEATHS);
    expect(only(facts, 'task.failed')).toMatchObject([
      { error: { code: 'TASK_QUARANTINED' }, retryAt: null },
    ]);
    expect(failuresExplained({ runs } as Parameters<typeof failuresExplained>[0])).toEqual([]);
    expect(stage.model.asked.get('poison of poison')).toBeLessThanOrEqual(MOST_DEATHS);
    const starts = stage.fleet.all.reduce((sum, one) => sum + one.starts, 0);
    expect(starts).toBe(2 + MOST_DEATHS);
  });
});
