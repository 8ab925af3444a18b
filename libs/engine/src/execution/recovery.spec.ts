import { afterAll, describe, expect, it } from '@jest/globals';
import { createEngine } from './engine.ts';
import { InProcessStageQueue } from './in-process-stage-queue.ts';
import { createIsolation } from '../isolation/index.ts';
import { MortalWorker } from '../testing/mortal-worker.ts';
import { MemoryRunStore } from '../testing/memory-run-store.ts';
import { aiStage, planOf, plansOf } from '../testing/plan-of.ts';
import { ScriptedAiProvider, scriptedRouter } from '../testing/scripted-ai-provider.ts';
import { testDesk } from '../testing/test-desk.ts';
import { ProviderError } from '../ports/provider-error.ts';
import type { RunWrite } from '../ports/run-store.ts';
import type { StageQueue } from '../ports/stage-queue.ts';
import type { Gate } from '../template/plan.ts';
import type { Actor } from '../vocabulary.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());
const ann: Actor = { kind: 'user', id: 'ann', roles: ['approver'] };
const bob: Actor = { kind: 'user', id: 'bob', roles: ['approver'] };
const GATE: Gate = {
  approvers: ['role:approver'],
  quorum: 1,
  selfApproval: true,
  deadlineMs: null,
  onDeadline: null,
  maxAttempts: 5,
};
const lossy: StageQueue = {
  enqueue: () => Promise.resolve(),
  consume: () => undefined,
  close: () => Promise.resolve(),
};

/** A store whose writes fail as told, before or after they were made. */
class FaultyStore extends MemoryRunStore {
  fault: 'none' | 'before' | 'after' | 'down' = 'none';
  loads = 0;
  appends = 0;

  override async append(id: string, write: RunWrite): Promise<'committed' | 'stale'> {
    this.appends += 1;
    const { fault } = this;
    if (fault === 'before' || fault === 'after') this.fault = 'none';
    if (fault === 'before' || fault === 'down') throw new Error('connection refused');
    const outcome = await super.append(id, write);
    if (fault === 'after') throw new Error('connection lost');
    return outcome;
  }

  override load(id: string) {
    this.loads += 1;
    return this.fault === 'down' ? Promise.reject(new Error('connection refused')) : super.load(id);
  }
}

/** Lets promises go on until nothing is left that needs no clock. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('a crash loses nothing', () => {
  it('between the write and the queue: recovery finds the task', async () => {
    const plan = planOf([aiStage('one')]);
    const first = testDesk(
      { plans: plansOf(plan), ai: scriptedRouter(new ScriptedAiProvider([])), isolation, queue: lossy },
      { works: false },
    );
    const { id } = await first.engine.create('w', { template: 'test', inputs: {} }, ann);
    await first.engine.close(0);

    const ai = new ScriptedAiProvider(['done after all']);
    const second = testDesk({ ...first.ports, ai: scriptedRouter(ai), queue: new InProcessStageQueue() });
    expect(await second.engine.recover()).toBe(1);
    await second.engine.quiet();
    expect(await second.engine.get('w', id)).toMatchObject({
      state: 'done',
      stages: [{ output: 'done after all' }],
    });
    expect(await second.engine.recover()).toBe(0);
  });

  it('in the middle of a call: the same attempt is made again, and finished tasks are not', async () => {
    const plan = planOf([aiStage('one'), aiStage('two')]);
    const hanging = new ScriptedAiProvider(['first', { hang: true }]);
    const worker = new MortalWorker();
    const first = testDesk({ plans: plansOf(plan), ai: scriptedRouter(hanging), isolation, workers: worker });
    const { id } = await first.engine.create('w', { template: 'test', inputs: {} }, ann);
    await settle();
    expect(hanging.requests).toHaveLength(2);
    worker.dies();
    await first.engine.close(0);

    const ai = new ScriptedAiProvider(['second']);
    const second = testDesk({
      ...first.ports,
      ai: scriptedRouter(ai),
      queue: new InProcessStageQueue(),
      workers: new MortalWorker('worker-2'),
    });
    await second.engine.recover();
    await second.engine.quiet();
    const run = await second.engine.get('w', id);
    expect(run).toMatchObject({
      state: 'done',
      stages: [{ output: 'first' }, { output: 'second', tasks: [{ attempt: 1 }] }],
    });
    expect(ai.requests.map((request) => request.idempotencyKey)).toEqual([
      hanging.requests[1]?.idempotencyKey,
    ]);
    const types =
      (await first.store.load(id))?.entries.flatMap((entry) => entry.facts.map((fact) => fact.type)) ?? [];
    expect(types.filter((type) => type === 'task.started')).toHaveLength(2);
    expect(types.filter((type) => type === 'task.completed')).toHaveLength(2);
  });

  it('takes up timers after a restart', async () => {
    const plan = planOf([aiStage('one')]);
    const busy = new ProviderError('PROVIDER_RATE_LIMITED', 'slow down', {
      retryable: true,
      retryAfterMs: 30_000,
    });
    const first = testDesk({
      plans: plansOf(plan),
      ai: scriptedRouter(new ScriptedAiProvider([{ error: busy }])),
      isolation,
    });
    const { id } = await first.engine.create('w', { template: 'test', inputs: {} }, ann);
    await first.engine.quiet();
    await first.engine.close(0);

    const ai = new ScriptedAiProvider(['at last']);
    const second = testDesk({ ...first.ports, ai: scriptedRouter(ai), queue: new InProcessStageQueue() });
    await second.engine.recover();
    first.clock.advance(29_999);
    await settle();
    expect(ai.requests).toHaveLength(0);
    first.clock.advance(60_000);
    await settle();
    await second.engine.quiet();
    expect((await second.engine.get('w', id)).state).toBe('done');
  });
});

describe('a database that fails', () => {
  const setUp = () => {
    const store = new FaultyStore();
    const plan = planOf([aiStage('one', { approval: GATE }), aiStage('two')]);
    const desk = testDesk({
      plans: plansOf(plan),
      ai: scriptedRouter(new ScriptedAiProvider(['a', 'b'])),
      isolation,
      store,
    });
    return { store, desk };
  };

  it('keeps a result and offers it again until it is taken', async () => {
    const { store, desk } = setUp();
    const { id } = await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
    store.fault = 'down';
    await settle();
    desk.clock.advance(1_000);
    await settle();
    store.fault = 'none';
    desk.clock.advance(60_000);
    await desk.engine.quiet();
    expect((await desk.engine.get('w', id)).state).toBe('approval_pending');
  });

  it('rejects a verb that could not be written, and leaves the run as it was', async () => {
    const { store, desk } = setUp();
    const { id } = await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
    await desk.engine.quiet();
    store.fault = 'before';
    const lost = desk.engine.send('w', id, { type: 'approve', actor: ann, stage: 'one', round: 1 });
    await expect(lost).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
    expect((await desk.engine.get('w', id)).state).toBe('approval_pending');
  });

  it('reads back a commit whose answer was lost, and repeats nothing', async () => {
    const { store, desk } = setUp();
    const { id } = await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
    await desk.engine.quiet();
    store.fault = 'after';
    await desk.engine.send('w', id, { type: 'approve', actor: ann, stage: 'one', round: 1 });
    await desk.engine.quiet();
    expect((await desk.engine.get('w', id)).state).toBe('done');
    const facts = (await store.load(id))?.entries.flatMap((entry) => entry.facts) ?? [];
    expect(facts.filter((fact) => fact.type === 'approval.given')).toHaveLength(1);
  });

  it('is not read before a write while the run is in memory', async () => {
    const { store, desk } = setUp();
    await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
    await desk.engine.quiet();
    expect({ loads: store.loads, appends: store.appends }).toEqual({ loads: 0, appends: 1 });
  });
});

describe('a process that is told to stop', () => {
  it('ends in its time although the store is down and a result still waits for it, and leaves no timer behind', async () => {
    const store = new FaultyStore();
    const plan = planOf([aiStage('one')]);
    const ai = scriptedRouter(new ScriptedAiProvider(['a']));
    const desk = testDesk({ plans: plansOf(plan), ai, isolation, store });
    await desk.engine.create('w', { template: 'test', inputs: {} }, ann);
    store.fault = 'down';
    await settle();
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    await desk.engine.close(20);
    expect(timers()).toBeLessThanOrEqual(before);
    await expect(desk.engine.get('w', 'run-1')).rejects.toMatchObject({ code: 'ENGINE_CLOSED' });
  });
});

describe('a process that is told to stop while it looks for work', () => {
  it('leaves what it found to others, without a word of it', async () => {
    const plan = planOf([aiStage('one')]);
    const ai = scriptedRouter(new ScriptedAiProvider([]));
    const first = testDesk({ plans: plansOf(plan), ai, isolation, queue: lossy }, { works: false });
    await first.engine.create('w', { template: 'test', inputs: {} }, ann);
    await first.engine.close(0);

    let goOn = (): void => undefined;
    const stopped = new Promise<void>((resolve) => (goOn = resolve));
    const { store } = first.ports;
    const claim = store.claimOpenRuns.bind(store);
    store.claimOpenRuns = async (...asked) => {
      const found = await claim(...asked);
      await stopped;
      return found;
    };
    const said: string[] = [];
    const note = (text: string): void => void said.push(text);
    const second = testDesk({ ...first.ports, log: { warn: note, error: note } });
    const round = second.engine.recover();
    await settle();
    await second.engine.close(0);
    goOn();
    await round;
    expect(said).toEqual([]);
  });
});

describe('two engines on one store', () => {
  it('race an approval fifty times: one winner each, the loser is refused', async () => {
    for (let round = 0; round < 50; round += 1) {
      const plan = planOf([aiStage('one', { approval: GATE })]);
      const one = testDesk({
        plans: plansOf(plan),
        ai: scriptedRouter(new ScriptedAiProvider(['x'])),
        isolation,
      });
      const other = createEngine({ ...one.ports, queue: new InProcessStageQueue() });
      const { id } = await one.engine.create('w', { template: 'test', inputs: {} }, ann);
      await one.engine.quiet();
      const outcomes = await Promise.allSettled([
        one.engine.send('w', id, { type: 'approve', actor: ann, stage: 'one', round: 1 }),
        other.send('w', id, {
          type: 'request-changes',
          actor: bob,
          stage: 'one',
          round: 1,
          comments: [{ body: 'no' }],
        }),
      ]);
      expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
      const refused = outcomes.find((outcome) => outcome.status === 'rejected');
      expect(['STATE_CONFLICT', 'APPROVAL_STALE']).toContain((refused?.reason as { code: string }).code);
      await one.engine.close(0);
      await other.close(0);
    }
  });

  it('start a task once, whoever is told of it twice', async () => {
    const plan = planOf([aiStage('one')]);
    const ai = new ScriptedAiProvider(() => 'only once');
    const one = testDesk(
      { plans: plansOf(plan), ai: scriptedRouter(ai), isolation, queue: lossy },
      { works: false },
    );
    const { id } = await one.engine.create('w', { template: 'test', inputs: {} }, ann);
    const queues = [new InProcessStageQueue(), new InProcessStageQueue()];
    const engines = queues.map((queue) => createEngine({ ...one.ports, queue }));
    await Promise.all(
      queues.map((queue) => queue.enqueue([{ run: id, work: 'one', attempt: 1, fence: 0, lane: 'ai' }])),
    );
    await settle();
    for (const engine of engines) expect((await engine.get('w', id)).state).toBe('done');
    expect(ai.requests).toHaveLength(1);
    expect(
      (await one.store.load(id))?.entries
        .flatMap((entry) => entry.facts)
        .filter((fact) => fact.type === 'task.completed'),
    ).toHaveLength(1);
  });
});
