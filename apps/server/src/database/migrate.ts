import type { MikroORM } from '@mikro-orm/core';

import type { PostgresPool, SqlClient } from './database.ts';
import { schemaUnknown } from './database.errors.ts';
import { migrations } from './migrations/index.ts';

/** Any number, the same in every release: who holds it may change the schema. */
const ADVISORY_LOCK = 7_236_218_001;

/**
 * Brings the schema to this release, in one transaction. Gives the names of what it applied. Throws `SCHEMA_UNKNOWN`
 * when a newer release was here. On PostgreSQL under an advisory lock, so that servers may start together; the
 * embedded database has one process by its own lock.
 */
export async function migrate(orm: MikroORM, sql: SqlClient): Promise<string[]> {
  return sql.kind === 'postgresql'
    ? underAdvisoryLock(sql.client, () => applyPending(orm))
    : applyPending(orm);
}

async function applyPending(orm: MikroORM): Promise<string[]> {
  const known = new Set(migrations.map((migration) => migration.name));
  const executed = await orm.migrator.getExecuted();
  const unknown = executed.map((row) => row.name).filter((name) => !known.has(name));
  if (unknown.length > 0) throw schemaUnknown(unknown);
  return (await orm.migrator.up()).map((migration) => migration.name);
}

async function underAdvisoryLock<T>(pool: PostgresPool, work: () => Promise<T>): Promise<T> {
  const holder = await pool.connect();
  try {
    await holder.query('set lock_timeout = 0; set statement_timeout = 0');
    await holder.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
    return await work();
  } finally {
    // Ending the connection ends the lock, whatever happened on it.
    holder.release(true);
  }
}
