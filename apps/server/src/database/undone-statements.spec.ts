import { afterAll, beforeAll, beforeEach, expect, it, describe } from '@jest/globals';

import { describeOnEachDatabase } from '../../../../test/support/database.ts';
import type { OpenDatabase } from './open-database.ts';

const TRY = {
  name: 'try-it',
  text: 'insert into tried (id) select 1 where fails() is not null returning id',
};

/** What PostgreSQL undoes over a deadlock or a race is asked for again, and not for ever. */
describeOnEachDatabase(describe, 'a statement that the database undid', ({ open }) => {
  let db: OpenDatabase;
  const run = (text: string) => db.database.query<Record<string, unknown>>({ name: '', text }, []);
  beforeAll(async () => {
    db = await open();
    await run('create table tried (id int)');
    // What a sequence gave is not undone with the statement.
    await run('create sequence tries');
  }, 60_000);
  afterAll(() => db.close());
  beforeEach(async () => {
    await run('delete from tried');
    await run("select setval('tries', 1, false)");
  });

  const failing = (times: number, code: string) =>
    run(`create or replace function fails() returns int language plpgsql volatile as $$ begin
      if nextval('tries') <= ${times} then raise exception 'once more' using errcode = '${code}'; end if;
      return 1;
    end $$`);

  it.each(['40001', '40P01'])('with %s is sent again until it works, and done once', async (code) => {
    await failing(2, code);
    expect(await db.database.query(TRY, [])).toEqual([{ id: 1 }]);
    expect(await run('select count(*)::int as rows from tried')).toEqual([{ rows: 1 }]);
    expect(await run('select last_value::int as tries from tries')).toEqual([{ tries: 3 }]);
  });

  it('every time is given up, with a code and a next step', async () => {
    await failing(1_000, '40P01');
    const refused = db.database.query(TRY, []);
    await expect(refused).rejects.toMatchObject({ code: 'DATABASE_BUSY', retryable: true });
    await expect(refused).rejects.toMatchObject({ hint: expect.stringContaining('Try again') as unknown });
    expect(await run('select last_value::int as tries from tries')).toEqual([{ tries: 4 }]);
  });

  it('for a reason of its own is not sent again', async () => {
    await failing(1_000, '23505');
    await expect(db.database.query(TRY, [])).rejects.toMatchObject({ code: '23505' });
    expect(await run('select last_value::int as tries from tries')).toEqual([{ tries: 1 }]);
  });
});
