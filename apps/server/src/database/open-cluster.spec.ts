import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { migrate } from './migrate.ts';
import { openCluster } from './open-cluster.ts';
import { openPglite } from './open-database.ts';
import { keepStarterImage, readStarterImage, starterImagePath } from './starter-image.ts';

Logger.overrideLogger(false);
// A cluster from nothing takes seconds, and more on a busy machine.
jest.setTimeout(120_000);

let folder: string;
let image: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  image = join(folder, 'cache', 'starter.tar.gz');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const dataDir = (name: string): string => {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return path;
};

/** Opens, migrates and closes; gives what was applied and whether the cluster was made from nothing. */
async function started(name: string): Promise<{ applied: number; fromNothing: boolean }> {
  const { pglite, fromNothing } = await openCluster(dataDir(name), image);
  const tables = await pglite.query<{ n: number }>(
    `select count(*)::int as n from information_schema.tables where table_name = 'run'`,
  );
  const open = await openPglite(pglite);
  if (fromNothing) await keepStarterImage(pglite, image);
  expect(await migrate(open.orm, open.client)).toEqual([]);
  expect(await open.database.query({ name: 'w', text: 'select id from workspace' }, [])).toEqual([
    { id: 'default' },
  ]);
  await open.close();
  return { applied: tables.rows[0]?.n ?? 0, fromNothing };
}

describe('the embedded database of a new data directory', () => {
  it('is made from nothing once, and from its image ever after', async () => {
    expect(await started('first')).toEqual({ applied: 0, fromNothing: true });
    expect(await started('second')).toEqual({ applied: 1, fromNothing: false });
    expect(await started('second')).toEqual({ applied: 1, fromNothing: false });
    expect(readdirSync(join(folder, 'second'))).toEqual(['db']);

    // A process died over making it: what it left looks like a database and is none.
    const half = join(dataDir('died'), 'db.unfinished');
    mkdirSync(join(half, 'base'), { recursive: true });
    writeFileSync(join(half, 'PG_VERSION'), '17\n');
    expect(await started('died')).toEqual({ applied: 1, fromNothing: false });
    expect(existsSync(half)).toBe(false);
  });

  it('is made from nothing when the image is damaged, and where none can be kept', async () => {
    mkdirSync(join(folder, 'cache'));
    writeFileSync(image, 'no archive at all');
    const half = join(dataDir('damaged'), 'db.unfinished');
    mkdirSync(half);
    writeFileSync(join(half, 'PG_VERSION'), '17\n');
    const { pglite, fromNothing } = await openCluster(dataDir('damaged'), image);
    expect(fromNothing).toBe(true);
    expect(existsSync(image)).toBe(false);
    writeFileSync(join(folder, 'file'), 'in the way');
    const impossible = join(folder, 'file', 'starter.tar.gz');
    await keepStarterImage(pglite, impossible);
    expect(await readStarterImage(impossible)).toBeUndefined();
    await pglite.close();
    expect(readdirSync(join(folder, 'damaged'))).toEqual(['db']);
  });
});

describe('the image of a release', () => {
  it('is named after the database and its migrations, the same each time', () => {
    expect(starterImagePath(folder)).toBe(starterImagePath(folder));
    expect(starterImagePath(folder)).toMatch(/starter-[0-9a-f]{16}\.tar\.gz$/);
  });
});
