import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { postgresServer } from '../../../../test/support/postgres-server.ts';
import type { OpenDatabase } from './open-database.ts';
import { openPostgres } from './open-database.ts';

const SERVER = process.env['TEST_DATABASE_URL'];
const suite = SERVER === undefined ? describe.skip : describe;
const why = SERVER === undefined ? ' (TEST_DATABASE_URL is not set)' : '';
/** More than the pool has places. */
const LOST = 12;

suite(`a connection that breaks in a transaction${why}`, () => {
  let database: { url: string; drop(): Promise<void> };
  let db: OpenDatabase;
  beforeAll(async () => {
    database = await postgresServer(SERVER).makeDatabase();
    db = await openPostgres(database.url);
  });
  afterAll(() => database?.drop());

  const transaction = (statement: string): Promise<unknown> =>
    db.orm.em
      .fork()
      .transactional((em) => em.getConnection().execute(statement, [], 'all', em.getTransactionContext()));

  it('takes no place of the pool, and does not keep it from closing', async () => {
    for (let count = 0; count < LOST; count += 1)
      await expect(transaction('select pg_terminate_backend(pg_backend_pid())')).rejects.toThrow();
    expect(await transaction('select 1 as one')).toEqual([{ one: 1 }]);
    await db.close();
  });

  it('ends nothing when it breaks between two statements', async () => {
    db = await openPostgres(database.url);
    const lost = db.orm.em.fork().transactional(async (em) => {
      const context = em.getTransactionContext();
      const [{ pid }] = await em
        .getConnection()
        .execute('select pg_backend_pid() as pid', [], 'all', context);
      await db.database.query({ name: '', text: 'select pg_terminate_backend($1)' }, [pid]);
      await new Promise((later) => setTimeout(later, 100));
      await em.getConnection().execute('select 1', [], 'all', context);
    });
    await expect(lost).rejects.toThrow();
    expect(await transaction('select 1 as one')).toEqual([{ one: 1 }]);
    await db.close();
  });
});
