import { randomBytes } from 'node:crypto';

import { postgresServer } from '../../support/postgres-server.ts';
import { startServer } from '../../support/server-process.ts';
import { startCluster } from './cluster.ts';
import { install } from './installation.ts';
import type { Installation } from './installation.ts';

const POSTGRES = process.env['TEST_DATABASE_URL'];
const REDIS = process.env['TEST_REDIS_URL'];

/** One way to run the product. */
export interface Deployment {
  /** A fresh data directory and database; both go with `remove`. */
  install(settings?: Record<string, string>): Promise<Installation>;
  /** How often a suite kills a server at a random moment. */
  kills: number;
}

const EMBEDDED: Deployment = { install, kills: 6 };

interface Describe {
  (name: string, suite: () => void): void;
  skip(name: string, suite: () => void): void;
}

/**
 * One `describe` for the embedded database and one for the real services: two servers and two workers on PostgreSQL and
 * Redis, or a single server where there is no Redis. What TEST_DATABASE_URL does not name is skipped by name.
 */
export function describeOnEachDeployment(
  describe: Describe,
  name: string,
  suite: (deployment: Deployment) => void,
  /** False for suites that know which process they kill. */
  { several = true }: { several?: boolean } = {},
): void {
  describe(`${name}, on the embedded database,`, () => suite(EMBEDDED));
  if (POSTGRES === undefined) {
    describe.skip(`${name}, on PostgreSQL (TEST_DATABASE_URL is not set),`, () => suite(EMBEDDED));
    return;
  }
  const many = several && REDIS !== undefined;
  const where = many
    ? 'two servers and two workers'
    : `PostgreSQL${several ? ' alone (TEST_REDIS_URL is not set)' : ''}`;
  describe(`${name}, on ${where},`, () => suite(onPostgres(POSTGRES, many ? REDIS : undefined)));
}

function onPostgres(server: string, redis: string | undefined): Deployment {
  return {
    kills: 3,
    install: async (settings = {}) => {
      const database = await postgresServer(server).makeDatabase();
      const given = {
        DATABASE_URL: database.url,
        SECRET_KEY: randomBytes(32).toString('hex'),
        // What a process that was killed had begun is not to be waited for longer than a test has patience.
        WORKER_LEASE_SECONDS: '2',
        ...(redis === undefined ? {} : { REDIS_URL: redis }),
        ...settings,
      };
      const place = await install(given, redis === undefined ? startServer : startCluster);
      return { ...place, remove: () => place.remove().finally(() => database.drop()) };
    },
  };
}
