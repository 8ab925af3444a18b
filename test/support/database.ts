import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bootCluster } from '../../apps/server/src/database/boot-cluster.ts';
import type { OpenDatabase } from '../../apps/server/src/database/open-database.ts';
import { furnish, openPglite, openPostgres } from '../../apps/server/src/database/open-database.ts';
import { makeCluster } from '../../apps/server/src/database/starter-cluster.ts';
import { postgresServer } from './postgres-server.ts';

/**
 * Fresh, migrated databases for suites, on each driver the product runs on:
 *
 *     describeOnEachDatabase('the run store', (open) => { let db; beforeAll(async () => { db = await open(); }); ... });
 *
 * PGlite always; PostgreSQL when TEST_DATABASE_URL names a server where databases may be made.
 */
const POSTGRES = process.env['TEST_DATABASE_URL'];

export interface DatabaseVariant {
  driver: 'pglite' | 'postgresql';
  open: () => Promise<OpenDatabase>;
}

/** For `describe.each`: what can be opened here. */
export const databaseVariants: DatabaseVariant[] = [
  { driver: 'pglite', open: openTestPglite },
  ...(POSTGRES === undefined
    ? []
    : [{ driver: 'postgresql' as const, open: () => openTestPostgres(POSTGRES) }]),
];

interface Describe {
  (name: string, suite: () => void): void;
  skip(name: string, suite: () => void): void;
}

/** One `describe` per driver. Without TEST_DATABASE_URL the PostgreSQL one is there, skipped, and says why. */
export function describeOnEachDatabase(
  describe: Describe,
  name: string,
  suite: (variant: DatabaseVariant) => void,
): void {
  for (const variant of databaseVariants) describe(`${name} on ${variant.driver}`, () => suite(variant));
  if (POSTGRES !== undefined) return;
  describe.skip(`${name} on postgresql (TEST_DATABASE_URL is not set)`, () =>
    suite({ driver: 'postgresql', open: openTestPglite }));
}

/** A copy of what a server starts from: booting an empty PGlite takes seconds. */
export async function openTestPglite(): Promise<OpenDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'stagewright-db-'));
  const cluster = join(folder, 'db');
  await makeCluster(cluster, furnish);
  const open = await openPglite(await bootCluster(cluster));
  return { ...open, close: () => open.close().finally(() => rmSync(folder, { recursive: true })) };
}

async function openTestPostgres(server: string): Promise<OpenDatabase> {
  const database = await postgresServer(server).makeDatabase();
  const open = await openPostgres(database.url);
  return { ...open, close: () => open.close().then(() => database.drop()) };
}
