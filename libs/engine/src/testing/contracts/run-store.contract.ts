import { withFixture } from './test-runner.ts';
import type { Fixture, TestRunner } from './test-runner.ts';
import type { RunCreation, RunStore, RunWait } from '../../ports/run-store.ts';
import type { Instant, WorkerId } from '../../vocabulary.ts';

export interface RunStoreFixture extends Fixture {
  store: RunStore;
  /** Gives a worker a lease, or ends it. */
  lease: (worker: WorkerId, lives: boolean) => Promise<void> | void;
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
      await store.append(id(1), write(2));
      await store.append(id(1), write(3));
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
      expect(await store.append(id(1), write(3))).toBe('stale');
      await store.append(id(1), write(2));
      expect(await store.append(id(1), write(2))).toBe('stale');
      expect(await store.append(id(2), write(2))).toBe('stale');
      expect((await store.load(id(1)))?.entries.length).toBe(2);
    }),
  );
}

function openWork({ it, expect }: TestRunner, use: Use): void {
  it(
    'lists the open runs that a worker answers for by id, in pages',
    use(async ({ store, id = uuid }) => {
      for (const n of [3, 1, 2]) await store.create('w', id(n), write(1, { holder: 'one' }));
      await store.create('w', id(4), write(1, { open: false }));
      await store.create('w', id(5), write(1, { holder: 'two' }));
      expect(await store.heldRuns('one', 2)).toEqual([id(1), id(2)]);
      expect(await store.heldRuns('one', 2, id(2))).toEqual([id(3)]);
      await store.append(id(1), write(2, { open: false }));
      await store.append(id(2), write(2, { holder: 'two' }));
      expect(await store.heldRuns('one', 10)).toEqual([id(3)]);
      expect(await store.heldRuns('two', 10)).toEqual([id(2), id(5)]);
    }),
  );

  it(
    'lets a worker claim open runs that nobody who lives answers for, each once',
    use(async ({ store, lease, id = uuid }) => {
      for (const worker of ['one', 'two', 'three']) await lease(worker, true);
      await store.create('w', id(1), write(1));
      await store.create('w', id(2), write(1, { holder: 'two' }));
      await store.create('w', id(3), write(1, { holder: 'three' }));
      await store.create('w', id(4), write(1, { open: false }));
      await store.create('w', id(5), write(1));
      expect(await store.claimOpenRuns('one', 1)).toEqual([id(1)]);
      expect(await store.claimOpenRuns('one', 10)).toEqual([id(5)]);
      expect(await store.claimOpenRuns('one', 10)).toEqual([]);
      await lease('three', false);
      const claims = await Promise.all(['one', 'two'].map((worker) => store.claimOpenRuns(worker, 10)));
      expect(claims.flat()).toEqual([id(3)]);
      expect((await store.heldRuns('one', 10)).includes(id(1))).toBe(true);
    }),
  );

  it(
    'keeps what lists show until a write replaces it, and leaves it to the writer that won',
    use(async ({ store, id = uuid }) => {
      await store.create('w', id(1), write(1, { holder: 'one' }));
      const { header, ...entryAlone } = write(2);
      await store.append(id(1), entryAlone);
      expect(await store.heldRuns('one', 10)).toEqual([id(1)]);
      expect(await store.append(id(1), write(2, { holder: 'two' }))).toBe('stale');
      expect(await store.heldRuns('one', 10)).toEqual([id(1)]);
      await store.append(id(1), { ...write(3), header: { ...header, open: false } });
      expect(await store.heldRuns('one', 10)).toEqual([]);
    }),
  );

  it(
    'knows which runs have moved on',
    use(async ({ store, id = uuid }) => {
      for (const n of [1, 2]) await store.create('w', id(n), write(1));
      await store.append(id(2), write(2));
      const seen = [1, 2, 3].map((n) => ({ id: id(n), version: 1 }));
      expect(await store.movedRuns(seen)).toEqual([id(2)]);
      expect(await store.movedRuns([{ id: id(2), version: 2 }])).toEqual([]);
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
  holder?: WorkerId | null;
  reason?: string;
  waits?: RunWait[];
}

function write(version: number, { open = true, holder = null, reason = '', waits }: Given = {}): RunCreation {
  const actor = { kind: 'user', id: 'ann' } as const;
  return {
    entry: { version, at: AT, facts: [{ type: 'run.cancelled', actor, reason: `${version}${reason}` }] },
    standing: { state: 'running', progress: 0, spent: { inputTokens: 0, outputTokens: 0, usd: 0 } },
    header: {
      template: 'test',
      revision: '0'.repeat(64),
      title: 'Test',
      state: 'running',
      open,
      holder,
      startedAt: AT,
      endedAt: null,
    },
    notes: [],
    ...(waits === undefined ? {} : { waits }),
  };
}

function timer(at: Instant): RunWait {
  return { kind: 'timer', timer: { kind: 'retry', task: 'one', attempt: 1, at } };
}

function uuid(n: number): string {
  return `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
}
