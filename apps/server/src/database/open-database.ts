import type { PGlite } from '@electric-sql/pglite';
import { MikroORM } from '@mikro-orm/core';
import type { Options } from '@mikro-orm/core';
import type { PostgreSqlConnection } from '@mikro-orm/postgresql';

import type { Settings } from '../config/settings.ts';
import { acquireDataDirectoryLock } from './data-directory-lock.ts';
import { Database } from './database.ts';
import type { PostgresPool, SqlClient } from './database.ts';
import { databaseFault } from './database-faults.ts';
import { databaseUnreachable } from './database.errors.ts';
import { openHotPool } from './hot-pool.ts';
import { giveBackLostConnections } from './lost-connections.ts';
import type { PoolOfClients } from './lost-connections.ts';
import { migrate } from './migrate.ts';
import { openCluster } from './open-cluster.ts';
import { pgliteConfig, POSTGRES_LIMITS, postgresConfig } from './orm.config.ts';

export interface OpenDatabase {
  orm: MikroORM;
  client: SqlClient;
  database: Database;
  close(): Promise<void>;
}

/**
 * Opens the database that the settings name, at this release's schema. Embedded: takes the data directory for this
 * process first (`DATA_DIR_LOCKED`). Throws `DATABASE_UNAVAILABLE` and `SCHEMA_UNKNOWN`.
 */
export async function openDatabase(
  settings: Pick<Settings, 'dataDir' | 'databaseUrl'>,
): Promise<OpenDatabase> {
  return settings.databaseUrl === null ? openEmbedded(settings.dataDir) : openPostgres(settings.databaseUrl);
}

async function openEmbedded(dataDir: string): Promise<OpenDatabase> {
  const lock = await acquireDataDirectoryLock(dataDir);
  try {
    const open = await openPglite(await openCluster(dataDir, furnish));
    return { ...open, close: () => open.close().finally(() => lock.release()) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Brings a new embedded database to this release's schema, and closes it. */
export async function furnish(pglite: PGlite): Promise<void> {
  await (await openPglite(pglite)).close();
}

/** The embedded database on an instance that is there already; `close` closes it too. */
export async function openPglite(pglite: PGlite): Promise<OpenDatabase> {
  return opened(
    pgliteConfig(pglite) as Options,
    () => Promise.resolve({ kind: 'pglite', client: pglite }),
    () => pglite.close(),
  );
}

export async function openPostgres(url: string): Promise<OpenDatabase> {
  const hot = openHotPool(url, POSTGRES_LIMITS);
  const client = async (orm: MikroORM): Promise<SqlClient> => {
    const connection = orm.em.getDriver().getConnection() as PostgreSqlConnection;
    const pool = (await connection.getNativeClient()) as PostgresPool & PoolOfClients;
    giveBackLostConnections(pool);
    return { kind: 'postgresql', client: pool, hot };
  };
  return await opened(postgresConfig(url) as Options, client, () => hot.end());
}

async function opened(
  config: Options,
  clientOf: (orm: MikroORM) => Promise<SqlClient>,
  afterClose: () => Promise<void>,
): Promise<OpenDatabase> {
  const orm = await MikroORM.init(config);
  const close = (): Promise<void> => orm.close(true).finally(afterClose);
  try {
    const client = await clientOf(orm);
    await connected(orm);
    await migrate(orm, client);
    return { orm, client, database: new Database(client), close };
  } catch (error) {
    await close();
    throw databaseFault(error) ?? error;
  }
}

async function connected(orm: MikroORM): Promise<void> {
  try {
    await orm.connect();
  } catch (error) {
    throw databaseUnreachable(error);
  }
  const health = await orm.checkConnection();
  if (!health.ok) throw databaseUnreachable(health.error ?? health.reason);
}
