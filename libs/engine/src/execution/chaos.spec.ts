import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createEngine } from './engine.ts';
import { InProcessStageQueue } from './in-process-stage-queue.ts';
import { createIsolation } from '../isolation/index.ts';
import { MAX_INTERRUPTIONS } from '../run/index.ts';
import { MortalWorker } from '../testing/mortal-worker.ts';
import { MemoryRunStore } from '../testing/memory-run-store.ts';
import { aiStage, planOf, plansOf } from '../testing/plan-of.ts';
import { ScriptedAiProvider, scriptedRouter } from '../testing/scripted-ai-provider.ts';
import { testDesk } from '../testing/test-desk.ts';
import type { RunWrite } from '../ports/run-store.ts';
import type { Actor } from '../vocabulary.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());
const ann: Actor = { kind: 'user', id: 'ann' };

type Fault = 'none' | 'before' | 'after';

class UnreliableStore extends MemoryRunStore {
  faults: Fault[] = [];
  hits = 0;

  override async append(id: string, write: RunWrite): Promise<'committed' | 'stale'> {
    const fault = this.faults.shift() ?? 'none';
    if (fault !== 'none') this.hits += 1;
    if (fault === 'before') throw new Error('connection refused');
    const outcome = await super.append(id, write);
    if (fault === 'after') throw new Error('connection lost');
    return outcome;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('whatever the store does, and however often the process is replaced', () => {
  it('a run ends with every task done once, and its journal has no gap', async () => {
    let hits = 0;
    const fault = fc.constantFrom<Fault>('none', 'before', 'after');
    const property = fc.asyncProperty(
      fc.array(fault, { maxLength: 12 }),
      // One more kill in a row, and a task that was under way each time is quarantined: another story.
      fc.array(fc.boolean(), { maxLength: MAX_INTERRUPTIONS - 1 }),
      fc.array(fc.boolean(), { maxLength: 4 }),
      async (faults, kills, stops) => {
        const store = new UnreliableStore();
        store.faults = [...faults];
        const forEach = { source: 'inputs.items', as: 'item', concurrency: 3 };
        const plan = planOf([aiStage('one'), aiStage('many', { forEach }), aiStage('last')]);
        const ai = new ScriptedAiProvider(() => 'text');
        let worker = new MortalWorker();
        const parts = { plans: plansOf(plan), ai: scriptedRouter(ai), isolation, store };
        const desk = testDesk({ ...parts, workers: worker });
        let { engine } = desk;
        const { id } = await engine.create(
          'w',
          { template: 'test', inputs: { items: [1, 2, 3, 4, 5] } },
          ann,
        );
        const ends = [
          ...kills.map((atOnce) => ({ atOnce, killed: true })),
          ...stops.map((atOnce) => ({ atOnce, killed: false })),
        ];
        for (const [index, { atOnce, killed }] of ends.entries()) {
          if (!atOnce) await new Promise((resolve) => setImmediate(resolve));
          if (killed) worker.dies();
          // A stop that cannot give back what it has is one more kill.
          else store.faults = [];
          await engine.close(0);
          worker = new MortalWorker(`worker-${index + 2}`);
          engine = createEngine({ ...desk.ports, workers: worker, queue: new InProcessStageQueue() });
          await engine.recover();
        }
        for (let turn = 0; turn < 40 && store.header(id)?.state === 'running'; turn += 1) {
          desk.clock.advance(31_000);
          await engine.recover();
          await settle();
        }
        hits += store.hits;
        const entries = (await store.load(id))?.entries ?? [];
        expect(entries.map((entry) => entry.version)).toEqual(entries.map((_, index) => index + 1));
        const done = entries
          .flatMap((entry) => entry.facts)
          .flatMap((fact) => (fact.type === 'task.completed' ? [fact.task] : []));
        expect(done.sort()).toEqual(['last', 'many/0', 'many/1', 'many/2', 'many/3', 'many/4', 'one']);
        expect(store.header(id)?.state).toBe('done');
        await engine.close(0);
      },
    );
    await fc.assert(property, { numRuns: 60 });
    // Faults that never hit would prove nothing.
    expect(hits).toBeGreaterThan(50);
  }, 60_000);
});
