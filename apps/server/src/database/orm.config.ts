import type { PGlite } from '@electric-sql/pglite';
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig as definePglite } from '@mikro-orm/pglite';
import { defineConfig as definePostgreSql } from '@mikro-orm/postgresql';

import { entities } from './entities/index.ts';
import { migrations } from './migrations/index.ts';

/** What both drivers have in common: the same entities and the same migrations. */
const shared = {
  entities,
  extensions: [Migrator],
  migrations: { migrationsList: migrations, snapshot: false, silent: true, allOrNothing: true },
  // Every unit of work is forked on purpose; the shared identity map is never used by accident.
  allowGlobalContext: false,
};

/** The embedded database on an instance that the caller made and closes. */
export function pgliteConfig(pglite: PGlite) {
  return definePglite({ ...shared, dbName: 'postgres', driverOptions: { pglite } });
}

/** A statement or a lock that takes too long is an error, not a server that hangs. */
export const POSTGRES_LIMITS = {
  application_name: 'stagewright',
  connectionTimeoutMillis: 10_000,
  statement_timeout: 30_000,
  lock_timeout: 10_000,
};

/** PostgreSQL, as the ORM and everything at human speed use it. */
export function postgresConfig(url: string) {
  return definePostgreSql({
    ...shared,
    clientUrl: url,
    pool: { min: 0, max: 10 },
    driverOptions: POSTGRES_LIMITS,
  });
}
