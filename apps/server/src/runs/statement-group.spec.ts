import { describe, expect, it } from '@jest/globals';

import { StatementGroup } from './statement-group.ts';

interface Write {
  id: string;
  n: number;
}

/** A database of which the test decides when a statement ends, and what it refuses. */
function slowDatabase(refuses: (write: Write) => boolean = () => false) {
  const statements: number[][] = [];
  const ends: Array<() => void> = [];
  const send = async (writes: Write[]): Promise<string[]> => {
    statements.push(writes.map(({ n }) => n));
    await new Promise<void>((resolve) => ends.push(resolve));
    const bad = writes.find(refuses);
    if (bad !== undefined) throw new Error(`refused ${bad.n}`);
    return writes.map(({ n }) => `wrote ${n}`);
  };
  /** Lets statements end, one after the other, until none follows. */
  const finish = async (): Promise<void> => {
    for (let turns = 0; turns < 5; turns += 1) {
      await turn();
      while (ends.length > 0) {
        turns = 0;
        ends.shift()!();
        await turn();
      }
    }
  };
  return { send, statements, ends, finish };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const write = (n: number, id = `run-${n}`): Write => ({ id, n });

describe('writes of many runs', () => {
  it('sends a write alone, in the same turn of the event loop, when nothing is under way', async () => {
    const { send, statements, finish } = slowDatabase();
    const group = new StatementGroup(send);
    const first = group.add(write(1));
    await turn();
    expect(statements).toEqual([[1]]);
    await finish();
    await expect(first).resolves.toBe('wrote 1');
  });

  it('puts into the next statement what arrives while one is under way', async () => {
    const { send, statements, ends, finish } = slowDatabase();
    const group = new StatementGroup(send);
    const answers = [group.add(write(1))];
    await turn();
    answers.push(group.add(write(2)), group.add(write(3)));
    await turn();
    expect(statements).toEqual([[1]]);
    expect(ends).toHaveLength(1);
    await finish();
    expect(statements).toEqual([[1], [2, 3]]);
    expect(await Promise.all(answers)).toEqual(['wrote 1', 'wrote 2', 'wrote 3']);
  });

  it('carries no more than its bound in one statement', async () => {
    const { send, statements, finish } = slowDatabase();
    const group = new StatementGroup(send, { most: 2 });
    const answers = [1, 2, 3, 4, 5].map((n) => group.add(write(n)));
    await finish();
    expect(statements).toEqual([[1, 2], [3, 4], [5]]);
    expect(await Promise.all(answers)).toHaveLength(5);
  });

  it('does not heap heavy writes into one statement, and sends one that is too heavy for any alone', async () => {
    const { send, statements, finish } = slowDatabase();
    const group = new StatementGroup(send, { weigh: ({ n }) => n, mostWeight: 10 });
    const answers = [4, 5, 3, 20, 1].map((n, index) => group.add(write(n, `run-${index}`)));
    await finish();
    expect(statements).toEqual([[4, 5, 1], [3], [20]]);
    await Promise.all(answers);
  });

  it('never puts two writes of a run into one statement, and keeps their order', async () => {
    const { send, statements, finish } = slowDatabase();
    const group = new StatementGroup(send, { most: 3 });
    const answers = [write(1, 'a'), write(2, 'a'), write(3, 'b'), write(4, 'a'), write(5, 'b')].map((one) =>
      group.add(one),
    );
    await finish();
    expect(statements).toEqual([[1, 3], [2, 5], [4]]);
    await Promise.all(answers);
  });

  it('waits for all who were just answered, not only for the quickest of them', async () => {
    const { send, statements, finish } = slowDatabase();
    const group = new StatementGroup(send);
    const chains = [1, 2, 3, 4].map(async (n) => {
      await group.add(write(n));
      for (let steps = 0; steps < 10 * (n - 1); steps += 1) await Promise.resolve();
      await group.add(write(n + 4));
    });
    await finish();
    expect(statements).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
    await Promise.all(chains);
  });

  it('keeps two statements under way when told so, and never two writes of a run', async () => {
    const { send, statements, ends, finish } = slowDatabase();
    const group = new StatementGroup(send, { statements: 2 });
    const answers = [group.add(write(1, 'a'))];
    await turn();
    answers.push(group.add(write(2, 'a')), group.add(write(3, 'b')));
    await turn();
    answers.push(group.add(write(4, 'c')));
    await turn();
    expect(statements).toEqual([[1], [3]]);
    expect(ends).toHaveLength(2);
    ends.splice(1, 1)[0]!();
    await turn();
    await turn();
    expect(statements).toEqual([[1], [3], [4]]);
    await finish();
    expect(statements).toEqual([[1], [3], [4], [2]]);
    expect(await Promise.all(answers)).toEqual(['wrote 1', 'wrote 2', 'wrote 3', 'wrote 4']);
  });

  it.each([
    ['the first', [1]],
    ['one in the middle', [4]],
    ['the last', [7]],
    ['several', [2, 3, 7]],
    ['all', [1, 2, 3, 4, 5, 6, 7]],
  ])('fails %s of the writes that are refused, and no neighbour', async (_, bad) => {
    const { send, finish } = slowDatabase(({ n }) => bad.includes(n));
    const group = new StatementGroup(send);
    const answers = [1, 2, 3, 4, 5, 6, 7].map((n) =>
      group.add(write(n)).catch((error: unknown) => (error as Error).message),
    );
    await finish();
    expect(await Promise.all(answers)).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((n) => (bad.includes(n) ? `refused ${n}` : `wrote ${n}`)),
    );
  });

  it('repeats nothing of a statement whose outcome is unknown', async () => {
    const { send, statements, finish } = slowDatabase(({ n }) => n === 2);
    const group = new StatementGroup(send, { unknownOutcome: () => true });
    const answers = Promise.allSettled([1, 2, 3].map((n) => group.add(write(n))));
    await finish();
    expect(statements).toEqual([[1, 2, 3]]);
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  it('goes on after a failure', async () => {
    const { send, finish } = slowDatabase(({ n }) => n === 1);
    const group = new StatementGroup(send);
    const refused = group.add(write(1)).catch(() => 'refused');
    await finish();
    expect(await refused).toBe('refused');
    const later = group.add(write(2));
    await finish();
    await expect(later).resolves.toBe('wrote 2');
  });

  it('is drained when the last write has its answer', async () => {
    const { send, finish } = slowDatabase();
    const group = new StatementGroup(send);
    const told: string[] = [];
    await group.drained();
    void group.add(write(1)).then(() => told.push('written'));
    const drained = group.drained().then(() => told.push('drained'));
    await turn();
    expect(told).toEqual([]);
    await finish();
    await drained;
    expect(told).toEqual(['written', 'drained']);
  });
});
