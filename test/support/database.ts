import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { PGlite } from '@electric-sql/pglite';
import { MikroORM } from '@mikro-orm/postgresql';

import type { OpenDatabase } from '../../apps/server/src/database/open-database.ts';
import { openPglite, openPostgres } from '../../apps/server/src/database/open-database.ts';

/**
 * Fresh, migrated databases for suites, on each driver the product runs on:
 *
 *     describeOnEachDatabase('the run store', (open) => { let db; beforeAll(async () => { db = await open(); }); ... });
 *
 * PGlite always; PostgreSQL when TEST_DATABASE_URL names a server where databases may be made.
 */
const root = join(import.meta.dirname, '../..');
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

/** Booting an empty PGlite takes seconds, loading a dump of it a fraction: one migrated dump per schema is kept. */
export async function openTestPglite(): Promise<OpenDatabase> {
  const file = join(root, 'node_modules/.cache/stagewright', `pglite-${schemaKey()}.tar`);
  const dump = (await readFile(file).catch(() => null)) ?? (await makeDump(file));
  return openPglite(await PGlite.create({ loadDataDir: new Blob([new Uint8Array(dump)]) }));
}

async function makeDump(file: string): Promise<Buffer> {
  const pglite = await PGlite.create();
  const open = await openPglite(pglite);
  const dump = Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer());
  await open.close();
  await mkdir(join(file, '..'), { recursive: true });
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, dump);
  await rename(temporary, file);
  return dump;
}

function schemaKey(): string {
  const folder = join(root, 'apps/server/src/database/migrations');
  const hash = createHash('sha256').update(
    readFileSync(join(root, 'node_modules/@electric-sql/pglite/package.json')),
  );
  for (const name of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 16);
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
