import { randomBytes } from 'node:crypto';

import { MikroORM } from '@mikro-orm/postgresql';

import { startServer } from '../../support/server-process.ts';
import type { ServerProcess } from '../../support/server-process.ts';
import { startCluster } from './cluster.ts';

const POSTGRES = process.env['TEST_DATABASE_URL'];
const REDIS = process.env['TEST_REDIS_URL'];

/** Settings that put a server on a database of its own; `close` drops it. */
export interface ServerDatabase {
  open(): Promise<Record<string, string>>;
  close(): Promise<void>;
}

export interface ServerVariant {
  settings: () => ServerDatabase;
  /** Starts what takes requests and does the work, on a data directory. */
  start: (dataDir: string, env: Record<string, string>) => Promise<ServerProcess>;
  /** How often a suite kills a server at a random moment. */
  kills: number;
}

const EMBEDDED: ServerVariant = { settings: embedded, start: startServer, kills: 6 };

interface Describe {
  (name: string, suite: () => void): void;
  skip(name: string, suite: () => void): void;
}

/**
 * One `describe` for the embedded database, one for PostgreSQL and one for several processes on PostgreSQL and Redis.
 * What TEST_DATABASE_URL or TEST_REDIS_URL does not name is skipped by name.
 */
export function describeOnEachServer(
  describe: Describe,
  name: string,
  suite: (variant: ServerVariant) => void,
  /** Also on several processes at once. */
  { several = true }: { several?: boolean } = {},
): void {
  describe(`${name}, on the embedded database,`, () => suite(EMBEDDED));
  if (POSTGRES === undefined) {
    describe.skip(`${name}, on PostgreSQL (TEST_DATABASE_URL is not set),`, () => suite(EMBEDDED));
    return;
  }
  const onPostgres = { settings: () => postgres(POSTGRES), start: startServer, kills: 3 };
  describe(`${name}, on PostgreSQL,`, () => suite(onPostgres));
  if (!several) return;
  if (REDIS === undefined) {
    describe.skip(`${name}, on two servers and two workers (TEST_REDIS_URL is not set),`, () =>
      suite(onPostgres));
    return;
  }
  const onMany = { settings: () => postgres(POSTGRES, { REDIS_URL: REDIS }), start: startCluster, kills: 2 };
  describe(`${name}, on two servers and two workers,`, () => suite(onMany));
}

function embedded(): ServerDatabase {
  return { open: () => Promise.resolve({}), close: () => Promise.resolve() };
}

function postgres(server: string, more: Record<string, string> = {}): ServerDatabase {
  const name = `stagewright_e2e_${process.pid}_${randomBytes(4).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    open: async () => {
      await onServer(server, `create database ${name}`);
      const secret = randomBytes(32).toString('hex');
      // What a process that was killed had begun is not to be waited for longer than a test has patience.
      return { DATABASE_URL: url.toString(), SECRET_KEY: secret, WORKER_LEASE_SECONDS: '2', ...more };
    },
    close: () => onServer(server, `drop database ${name} with (force)`),
  };
}

async function onServer(server: string, sql: string): Promise<void> {
  const orm = await MikroORM.init({
    clientUrl: server,
    entities: [],
    discovery: { warnWhenNoEntities: false },
  });
  try {
    await orm.em.getConnection().execute(sql);
  } finally {
    await orm.close(true);
  }
}
