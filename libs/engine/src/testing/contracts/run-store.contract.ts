import { withFixture } from './test-runner.ts';
import type { Fixture, TestRunner } from './test-runner.ts';
import type { AttemptRecord, RunStore, RunWait, RunWrite } from '../../ports/run-store.ts';
import type { Instant } from '../../vocabulary.ts';

export interface RunStoreFixture extends Fixture {
  store: RunStore;
  /** Ids that the store takes, sorted: `id(1) < id(2)`. Default: UUIDs that count up. */
  id?: (n: number) => string;
}

const AT = '2026-01-01T00:00:00.000Z';

/** What every implementation of the run store port does. */
export function runStoreContract(
  runner: TestRunner,
  name: string,
  make: () => Promise<RunStoreFixture> | RunStoreFixture,
): void {
  const use = withFixture(make);
  runner.describe(`${name} keeps the contract of a run store`, () => {
    journal(runner, use);
    races(runner, use);
    openWork(runner, use);
    timers(runner, use);
  });
}

type Use = ReturnType<typeof withFixture<RunStoreFixture>>;

function journal({ it, expect }: TestRunner, use: Use): void {
  it(
    'gives back every entry of a run, in order, as it was written',
    use(async ({ store, id = uuid }) => {
      await store.create('w', id(1), write(1));
      await store.append(id(1), write(2, { attempts: [attempt('processing')] }));
      await store.append(id(1), write(3, { attempts: [attempt('done')] }));
      const stored = await store.load(id(1));
      expect(stored).toMatchObject({ id: id(1), workspace: 'w' });
      expect(stored?.entries).toEqual([write(1).entry, write(2).entry, write(3).entry]);
    }),
  );

  it(
    'knows nothing of a run that was never created',
    use(async ({ store, id = uuid }) => {
      expect(await store.load(id(9))).toBeUndefined();
    }),
  );

  it(
    'is not touched by what a caller does with a value afterwards',
    use(async ({ store, id = uuid }) => {
      await store.create('w', id(1), write(1));
      const first = await store.load(id(1));
      first?.entries.splice(0);
      expect((await store.load(id(1)))?.entries.length).toBe(1);
    }),
  );
}

function races({ it, expect }: TestRunner, use: Use): void {
  it(
    'creates a run of one id once',
    use(async ({ store, id = uuid }) => {
      const outcomes = await Promise.all([1, 2, 3].map(() => store.create('w', id(1), write(1))));
      expect(outcomes.filter(Boolean).length).toBe(1);
    }),
  );

  it(
    'takes one of several entries of the same version; the others are stale and leave nothing',
    use(async ({ store, id = uuid }) => {
      await store.create('w', id(1), write(1));
      const rivals = ['a', 'b', 'c', 'd'].map((reason) => write(2, { reason, waits: [timer(AT)] }));
      const outcomes = await Promise.all(rivals.map((rival) => store.append(id(1), rival)));
      expect(outcomes.filter((outcome) => outcome === 'committed').length).toBe(1);
      const winner = rivals[outcomes.indexOf('committed')];
      expect((await store.load(id(1)))?.entries).toEqual([write(1).entry, winner?.entry]);
    }),
  );

  it(
    'refuses a version that is not the next one',
    use(async ({ store, id = uuid }) => {
      await store.create('w', id(1), write(1));
      expect(await store.append(id(1), write(1))).toBe('stale');
      await store.append(id(1), write(2));
      expect(await store.append(id(1), write(2))).toBe('stale');
      expect((await store.load(id(1)))?.entries.length).toBe(2);
    }),
  );
}

function openWork({ it, expect }: TestRunner, use: Use): void {
  it(
    'lists runs with open work by id, in pages',
    use(async ({ store, id = uuid }) => {
      for (const n of [3, 1, 2]) await store.create('w', id(n), write(1, { open: true }));
      await store.create('w', id(4), write(1, { open: false }));
      expect(await store.openRuns(2)).toEqual([id(1), id(2)]);
      expect(await store.openRuns(2, id(2))).toEqual([id(3)]);
      await store.append(id(1), write(2, { open: false }));
      expect(await store.openRuns(10)).toEqual([id(2), id(3)]);
    }),
  );
}

function timers({ it, expect }: TestRunner, use: Use): void {
  it(
    'knows which timers are due, and when the next one is',
    use(async ({ store, id = uuid }) => {
      expect(await store.nextDue()).toBe(null);
      await store.create('w', id(1), write(1, { waits: [timer('2026-01-01T00:00:09.000Z')] }));
      await store.create('w', id(2), write(1, { waits: [timer('2026-01-01T00:00:05.000Z')] }));
      expect(await store.nextDue()).toBe('2026-01-01T00:00:05.000Z');
      expect(await store.dueRuns('2026-01-01T00:00:04.999Z', 10)).toEqual([]);
      expect(await store.dueRuns('2026-01-01T00:00:05.000Z', 10)).toEqual([id(2)]);
      expect(await store.dueRuns('2026-01-01T00:01:00.000Z', 10)).toEqual([id(2), id(1)]);
      expect(await store.dueRuns('2026-01-01T00:01:00.000Z', 1)).toEqual([id(2)]);
    }),
  );

  it(
    'keeps what a run waits for until a write replaces it',
    use(async ({ store, id = uuid }) => {
      await store.create('w', id(1), write(1, { waits: [timer('2026-01-01T00:00:05.000Z')] }));
      await store.append(id(1), write(2));
      expect(await store.nextDue()).toBe('2026-01-01T00:00:05.000Z');
      await store.append(id(1), write(3, { waits: [] }));
      expect(await store.nextDue()).toBe(null);
    }),
  );
}

interface Given {
  open?: boolean;
  reason?: string;
  waits?: RunWait[];
  attempts?: AttemptRecord[];
}

function write(version: number, { open = true, reason = '', waits, attempts = [] }: Given = {}): RunWrite {
  const actor = { kind: 'user', id: 'ann' } as const;
  return {
    entry: { version, at: AT, facts: [{ type: 'run.cancelled', actor, reason: `${version}${reason}` }] },
    header: {
      template: 'test',
      revision: '0'.repeat(64),
      title: 'Test',
      state: 'running',
      progress: 0,
      spent: { inputTokens: 0, outputTokens: 0, usd: 0 },
      open,
      startedAt: AT,
      endedAt: null,
    },
    attempts,
    ...(waits === undefined ? {} : { waits }),
  };
}

function timer(at: Instant): RunWait {
  return { kind: 'timer', timer: { kind: 'retry', task: 'one', attempt: 1, at } };
}

function attempt(state: AttemptRecord['state']): AttemptRecord {
  const nothing = {
    provider: null,
    model: null,
    sent: null,
    output: null,
    raw: null,
    usage: null,
    error: null,
  };
  return {
    ...nothing,
    task: 'one',
    stage: 'one',
    round: 1,
    attempt: 1,
    state,
    startedAt: AT,
    endedAt: null,
    toolCalls: [],
    log: [],
  };
}

function uuid(n: number): string {
  return `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
}
