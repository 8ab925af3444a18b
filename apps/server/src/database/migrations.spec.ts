import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SqlEntityManager } from '@mikro-orm/sql';

import { describeOnEachDatabase } from '../../../../test/support/database.ts';
import { claimOpenRuns } from '../runs/sql/claim-open-runs.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import type { OpenDatabase } from './open-database.ts';

/**
 * When "entities and migrations agree" fails: an entity was changed without a migration. Write a new migration with
 * the SQL that the failure shows, add it at the end of `migrations/index.ts`, and add its test here. Never change a
 * migration that was released.
 */
describeOnEachDatabase(describe, 'migrations', ({ open }) => {
  let db: OpenDatabase;
  beforeAll(async () => {
    db = await open();
  }, 60_000);
  afterAll(() => db.close());

  const execute = (sql: string) => (db.orm.em as SqlEntityManager).getConnection().execute(sql);
  const upTo = (name: string) => db.orm.migrator.up({ to: name });
  const downAll = async () => {
    for (const migration of [...migrations].reverse())
      await db.orm.migrator.down({ migrations: [migration.name] });
  };

  /** Takes back the migration and all that came after it. */
  const downTo = async (name: string) => {
    const from = migrations.findIndex((migration) => migration.name === name);
    for (const migration of migrations.slice(from).reverse())
      await db.orm.migrator.down({ migrations: [migration.name] });
  };

  it('agree with the entities', async () => {
    expect(await db.orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
  });

  it('notice an entity that has no migration', async () => {
    await execute('alter table run drop column title');
    expect(await db.orm.schema.getUpdateSchemaSQL({ wrap: false })).toContain('title');
    await execute('alter table run add column title text not null');
  });

  it('go down to nothing and up again', async () => {
    await downAll();
    expect(await tables()).toEqual(['mikro_orm_migrations']);
    expect(await migrate(db.orm, db.client)).toEqual(migrations.map((migration) => migration.name));
    expect(await migrate(db.orm, db.client)).toEqual([]);
    expect(await db.orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
  });

  it('2026-11-21-create-runs makes the default workspace and keeps runs apart by version', async () => {
    await downAll();
    await upTo('2026-11-21-create-runs');
    expect(await execute('select id from workspace')).toEqual([{ id: 'default' }]);
    const entry = `insert into journal_entry values ('r', 1, now(), '[]', 'draft', 0)`;
    await execute(entry);
    await expect(execute(entry)).rejects.toThrow(/duplicate key/);
    await migrate(db.orm, db.client);
  });

  it('2026-11-21-create-artifacts keeps what was there and goes down without it', async () => {
    await db.orm.migrator.down({ migrations: ['2026-11-21-create-artifacts'] });
    expect(await tables()).not.toContain('artifact');
    await execute(`insert into workspace (id, title) values ('kept', 'Kept')`);
    await migrate(db.orm, db.client);
    expect(await execute(`select title from workspace where id = 'kept'`)).toEqual([{ title: 'Kept' }]);
    const upload = (id: string) => `insert into artifact values
      ('${id}', 'w', 'a.md', 'file', 'text/markdown', 1, 'd', '{}', null, null, null, null, now())`;
    await execute(upload('1'));
    await execute(upload('2'));
  });

  it('2026-11-21-create-registry serves one revision of a template at a time', async () => {
    const revision = (digest: string) => `insert into revision values
      ('w', 'ebook', '${digest}', 'c', '1.0.0', '{}', '{}', '[]', true, now())`;
    await execute(revision('a'));
    await expect(execute(revision('b'))).rejects.toThrow(/revision_served/);
  });

  it('2026-11-26-know-workers leaves open runs to whoever claims them', async () => {
    await downTo('2026-11-26-write-each-step-once');
    await db.orm.migrator.down({ migrations: ['2026-11-26-know-workers'] });
    expect(await tables()).not.toContain('worker');
    await execute(`insert into run (id, workspace, version, template, revision, title, state, progress, input_tokens,
      output_tokens, open, created_by, created_at) values ('kept', 'w', 1, 't', 'r', 'T', 'running', 0, 0, 0, true, '{}', now())`);
    await migrate(db.orm, db.client);
    expect(await execute(`select holder from run where id = 'kept'`)).toEqual([{ holder: null }]);
    expect(await claimOpenRuns(db.database, 'one', 10)).toEqual(['kept']);
  });

  it('2026-11-21-record-rewritten-history calls no revision lost that was there before', async () => {
    await db.orm.migrator.down({ migrations: ['2026-11-21-record-rewritten-history'] });
    await execute(
      `insert into revision values ('w', 'old', 'd', 'c', '1.0.0', '{}', '{}', '[]', true, now())`,
    );
    await migrate(db.orm, db.client);
    expect(await execute(`select lost from revision where template = 'old'`)).toEqual([{ lost: false }]);
    await db.orm.migrator.down({ migrations: ['2026-11-21-record-rewritten-history'] });
    expect(await execute(`select commit from revision where template = 'old'`)).toEqual([{ commit: 'c' }]);
    await migrate(db.orm, db.client);
  });

  it('2026-11-21-leave-room-for-updates keeps the rows that are there, up and down', async () => {
    const room = `select count(*)::int as tables from pg_class where 'fillfactor=50' = any(reloptions)`;
    await downTo('2026-11-26-write-each-step-once');
    await execute(`insert into attempt values ('r', 'outline', 1, 'outline', 1, 'done', now(), '{}')`);
    await db.orm.migrator.down({ migrations: ['2026-11-21-leave-room-for-updates'] });
    expect(await execute(room)).toEqual([{ tables: 0 }]);
    await upTo('2026-11-21-leave-room-for-updates');
    expect(await execute(room)).toEqual([{ tables: 2 }]);
    expect(await execute(`select task from attempt where run_id = 'r'`)).toEqual([{ task: 'outline' }]);
    await migrate(db.orm, db.client);
  });

  it('2026-11-26-find-rows-of-lists tells waits that are there of which template they are, and goes down again', async () => {
    await downTo('2026-11-26-find-rows-of-lists');
    await execute(`insert into run (id, workspace, template, revision, title, state, open, created_by, created_at)
      values ('waits', 'w', 'ebook', 'r', 'T', 'approval_pending', false, '{}', now())`);
    await execute(`insert into run_wait (run_id, version, ordinal, workspace, kind, since, payload)
      values ('waits', 1, 0, 'w', 'approval', now(), '{}')`);
    await migrate(db.orm, db.client);
    expect(await execute('select template from run_wait')).toEqual([{ template: 'ebook' }]);
    await downTo('2026-11-26-find-rows-of-lists');
    expect(await execute('select kind from run_wait')).toEqual([{ kind: 'approval' }]);
    await migrate(db.orm, db.client);
    await execute('truncate run, run_wait');
  });

  it('2026-11-26-write-each-step-once carries attempts, facts and sums over, and back again', async () => {
    await downTo('2026-11-26-write-each-step-once');
    await execute('truncate run, journal_entry, attempt');
    const quoted = (value: unknown) => `'${JSON.stringify(value).replaceAll("'", "''")}'`;
    const of = { stage: 'outline', round: 1, task: 'outline', attempt: 1 };
    const entries = [
      [
        { type: 'task.queued', ...of },
        { type: 'task.started', ...of },
      ],
      [
        {
          type: 'task.completed',
          ...of,
          output: 'tea \u0000\ud800',
          artifacts: [],
          usage: null,
          inputDigest: 'd',
          reused: false,
        },
        { type: 'stage.completed', stage: 'outline', round: 1, output: 'tea \u0000\ud800' },
      ],
    ];
    const record = {
      ...{ task: 'outline', stage: 'outline', round: 1, attempt: 1, state: 'done' },
      ...{
        startedAt: '2026-11-21T10:00:01.500Z',
        endedAt: '2026-11-21T10:00:02.000Z',
        provider: 'p',
        model: 'm',
      },
      ...{
        sent: { prompt: 'nul \u0000' },
        output: 'tea \u0000\ud800',
        raw: null,
        toolCalls: [],
        usage: null,
        error: null,
        log: [],
      },
    };
    await execute(`insert into run (id, workspace, template, revision, title, state, open, created_by, created_at,
        version, progress, input_tokens, output_tokens, usd)
      values ('r', 'w', 'ebook', 'd1', 'Tea', 'running', true, '{}', '2026-11-21T10:00:00Z', 2, 50, 7, 8, null)`);
    for (const [index, facts] of entries.entries())
      await execute(
        `insert into journal_entry values ('r', ${index + 1}, '2026-11-21T10:00:0${index + 1}Z', ${quoted(facts)}, 'running', 50)`,
      );
    await execute(
      `insert into attempt values ('r', 'outline', 1, 'outline', 1, 'done', '2026-11-21T10:00:01.5Z', ${quoted(record)})`,
    );

    await migrate(db.orm, db.client);
    const kept = (await execute('select notes, spent from journal_entry order by version')) as object[];
    expect(kept[0]).toEqual({ notes: null, spent: null });
    expect(kept[1]).toEqual({
      notes: [{ began: 500, provider: 'p', model: 'm', sent: { prompt: 'nul \u0000' } }],
      spent: { inputTokens: 7, outputTokens: 8, usd: null },
    });
    await execute(
      `update journal_entry set facts = '["task.queued outline", "task.started outline"]' where version = 1`,
    );

    await downTo('2026-11-26-write-each-step-once');
    expect(await execute('select facts from journal_entry order by version')).toEqual(
      entries.map((facts) => ({ facts })),
    );
    expect(await execute('select record from attempt')).toEqual([{ record }]);
    const sums = await execute(
      'select version, progress, input_tokens::int, output_tokens::int, usd from run',
    );
    expect(sums).toEqual([{ version: 2, progress: 50, input_tokens: 7, output_tokens: 8, usd: null }]);
    await migrate(db.orm, db.client);
    expect(await execute('select notes from journal_entry order by version')).toEqual(
      kept.map((row) => ({ notes: (row as { notes: unknown }).notes })),
    );
    await execute('truncate run, journal_entry');
  });

  it('refuse a database that a newer release wrote', async () => {
    await execute(`insert into mikro_orm_migrations (name) values ('2031-01-01-from-the-future')`);
    await expect(migrate(db.orm, db.client)).rejects.toMatchObject({
      code: 'SCHEMA_UNKNOWN',
      details: { migrations: ['2031-01-01-from-the-future'] },
    });
    await execute(`delete from mikro_orm_migrations where name = '2031-01-01-from-the-future'`);
  });

  it('may be asked for by several servers at once', async () => {
    await downAll();
    const applied = await Promise.all([
      migrate(db.orm, db.client),
      ...others().map((other) => migrate(other, db.client)),
    ]);
    expect(applied.flat().length).toBe(migrations.length);
  });

  /** PostgreSQL: the same ORM from two callers, each under the advisory lock. The embedded database has one caller. */
  function others() {
    return db.client.kind === 'pglite' ? [] : [db.orm];
  }

  async function tables(): Promise<string[]> {
    const rows = await execute(
      `select table_name from information_schema.tables where table_schema = 'public' order by 1`,
    );
    return (rows as Array<{ table_name: string }>).map((row) => row.table_name);
  }
});
