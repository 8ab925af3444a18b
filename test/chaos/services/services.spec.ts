import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { CommitCutter } from './commit-cutter.ts';
import { OwnPostgres, withConnection } from './postgres.ts';
import { findPrograms } from './programs.ts';
import { OwnRedis } from './redis.ts';

jest.setTimeout(120_000);

const { programs, missing } = findPrograms();
const suite = programs === null ? describe.skip : describe;
const why = missing.length === 0 ? '' : ` (not on this machine: ${missing.join(', ')})`;

/** The tools of the storm do to the services what they say. */
suite(`the services of a storm${why}`, () => {
  let postgres: OwnPostgres;
  let cutter: CommitCutter;
  const rows = (): Promise<number> =>
    withConnection(postgres.url('postgres'), async (one) => {
      const answer = await one.query('select count(*)::int as rows from effect');
      return (answer.rows[0] as { rows: number }).rows;
    });
  const through = <T>(text: string, values: unknown[] = []): Promise<T[]> =>
    withConnection(
      postgres.url('postgres', cutter.port),
      async (one) => (await one.query(text, values)).rows as T[],
    );

  beforeAll(async () => {
    postgres = await OwnPostgres.create(programs!);
    await postgres.start();
    cutter = await CommitCutter.open(postgres.port);
    await through('create table effect (id int)');
  });
  afterAll(async () => {
    await cutter.close();
    await postgres.remove();
  });

  it('an answer that is lost belongs to a commit that stands', async () => {
    cutter.loseAnswers(1);
    expect(await through('select 1 as one')).toEqual([{ one: 1 }]);
    await expect(through('insert into effect values ($1)', [1])).rejects.toThrow(/Connection terminated/);
    expect(cutter.lost).toMatchObject([{ statement: 'insert into effect values ($1)' }]);
    expect(await rows()).toBe(1);
    await through('insert into effect values ($1)', [2]);
    expect(await rows()).toBe(2);
  });

  it('a statement that fails, or whose transaction is open, is no commit: its answer comes', async () => {
    cutter.loseAnswers(1);
    await expect(through('insert into nowhere values (1)')).rejects.toThrow(/does not exist/);
    await expect(
      withConnection(postgres.url('postgres', cutter.port), async (one) => {
        await one.query('begin');
        await one.query('insert into effect values (3)');
        await one.query('commit');
      }),
    ).rejects.toThrow(/Connection terminated/);
    expect(cutter.lost.at(-1)).toMatchObject({ statement: 'simple query' });
    expect(await rows()).toBe(3);
  });

  it('PostgreSQL that is stopped at once comes back with what was committed', async () => {
    const before = await rows();
    await postgres.stopImmediately();
    await expect(rows()).rejects.toThrow();
    await postgres.start();
    expect(await rows()).toBe(before);
  });

  it('Redis forgets on order, and when it is killed', async () => {
    const redis = await OwnRedis.create(programs!);
    try {
      for (const forget of [() => redis.command('FLUSHALL'), () => redis.kill().then(() => redis.start())]) {
        if ((await redis.command('PING').catch(() => '')) !== '+PONG') await redis.start();
        expect(await redis.command('SET a 1')).toBe('+OK');
        expect(await redis.command('EXISTS a')).toBe(':1');
        await forget();
        expect(await redis.command('EXISTS a')).toBe(':0');
      }
    } finally {
      await redis.remove();
    }
  });
});
