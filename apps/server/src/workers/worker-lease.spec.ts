import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { describeOnEachDatabase } from '../../../../test/support/database.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { forgetWorkers } from './sql/keep-lease.ts';
import { WorkerLease } from './worker-lease.ts';

const AN_HOUR = 3_600_000;

describeOnEachDatabase(describe, 'the lease of a worker', ({ open }) => {
  let db: OpenDatabase;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(() => query('truncate worker, run'));

  const query = (text: string) => db.database.query<Record<string, unknown>>({ name: '', text }, []);
  const lease = async (id: string, leaseMs: number | null = AN_HOUR): Promise<WorkerLease> => {
    const made = new WorkerLease(db.database, { id, leaseMs });
    await made.open();
    return made;
  };

  it('holds from its beginning to its end, and everybody sees so', async () => {
    const one = await lease('one');
    const two = await lease('two');
    expect(one.self).toBe('one');
    expect(await two.gone(['one', 'two', 'never-there'])).toEqual(new Set(['never-there']));
    await one.close();
    expect(one.self).toBeNull();
    expect(await two.gone(['one', 'two'])).toEqual(new Set(['one']));
    await two.close();
  });

  it('runs out by the clock of the database when nobody renews it', async () => {
    const one = await lease('one');
    await query(`update worker set expires_at = now() where id = 'one'`);
    const two = await lease('two');
    expect(await two.gone(['one'])).toEqual(new Set(['one']));
    await Promise.all([one.close(), two.close()]);
  });

  it('is renewed while its process lives, also after it had run out', async () => {
    const one = await lease('one', 300);
    await query(`update worker set expires_at = now() where id = 'one'`);
    for (let tries = 0; (await one.gone(['one'])).size > 0 && tries < 500; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await one.gone(['one'])).toEqual(new Set());
    expect(one.self).toBe('one');
    await one.close();
  });

  it('is not believed in by its own process for longer than it was asked for', async () => {
    const one = await lease('one', 50);
    await query('alter table worker rename to worker_away');
    try {
      for (let tries = 0; one.self !== null && tries < 500; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 10));
      expect(one.self).toBeNull();
    } finally {
      await query('alter table worker_away rename to worker');
    }
    await one.close();
  });

  it('of the one process of an embedded database has no end, and ends those that were here before', async () => {
    const before = await lease('before', null);
    const now = await lease('now', null);
    expect(await now.gone(['before', 'now'])).toEqual(new Set(['before']));
    await Promise.all([before.close(), now.close()]);
  });

  it('is forgotten an hour after its end, unless a run still names the worker', async () => {
    for (const id of ['old', 'named', 'fresh']) await (await lease(id)).close();
    await query(`update worker set expires_at = now() - interval '2 hours' where id <> 'fresh'`);
    await query(`insert into run (id, workspace, template, revision, title, state, open, holder, created_by, created_at)
      values ('r', 'w', 't', 'r', 'T', 'running', true, 'named', '{}', now())`);
    await forgetWorkers(db.database);
    expect((await query('select id from worker order by id')).map(({ id }) => id)).toEqual([
      'fresh',
      'named',
    ]);
  });
});
