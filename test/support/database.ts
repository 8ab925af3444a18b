import { randomBytes } from 'node:crypto';

import { PGlite } from '@electric-sql/pglite';
import { MikroORM } from '@mikro-orm/postgresql';

import type { OpenDatabase } from '../../apps/server/src/database/open-database.ts';
import { openPglite, openPostgres } from '../../apps/server/src/database/open-database.ts';
import { keepStarterImage, readStarterImage } from '../../apps/server/src/database/starter-image.ts';

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

/** Booting an empty PGlite takes seconds, loading the image that a server starts from a fraction. */
export async function openTestPglite(): Promise<OpenDatabase> {
  const image = await readStarterImage();
  const pglite = await PGlite.create(image === undefined ? {} : { loadDataDir: image });
  const open = await openPglite(pglite);
  if (image === undefined) await keepStarterImage(pglite);
  return open;
}

async function openTestPostgres(server: string): Promise<OpenDatabase> {
  const name = `stagewright_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  await onServer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const open = await openPostgres(url.toString());
  return {
    ...open,
    close: () => open.close().then(() => onServer(server, `drop database ${name} with (force)`)),
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
