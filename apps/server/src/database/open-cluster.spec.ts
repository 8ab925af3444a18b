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
  it('is made from nothing once, and from its image ever after; a damaged image is made anew', async () => {
    expect(await started('first')).toEqual({ applied: 0, fromNothing: true });
    expect(await started('second')).toEqual({ applied: 1, fromNothing: false });
    expect(await started('second')).toEqual({ applied: 1, fromNothing: false });
    expect(readdirSync(join(folder, 'second'))).toEqual(['db']);
    writeFileSync(image, 'no archive at all');
    expect(await started('third')).toEqual({ applied: 0, fromNothing: true });
    expect(await started('fourth')).toEqual({ applied: 1, fromNothing: false });
  });

  it('survives the death of a process that was making it', async () => {
    const half = join(dataDir('died'), 'db.unfinished');
    mkdirSync(join(half, 'base'), { recursive: true });
    writeFileSync(join(half, 'PG_VERSION'), '17\n');
    expect(await started('died')).toEqual({ applied: 0, fromNothing: true });
    expect(existsSync(half)).toBe(false);
  });

  it('does without an image where none can be kept', async () => {
    image = join(folder, 'file', 'starter.tar.gz');
    writeFileSync(join(folder, 'file'), 'in the way');
    expect(await started('read-only')).toEqual({ applied: 0, fromNothing: true });
    expect(await readStarterImage(image)).toBeUndefined();
  });
});

describe('the image of a release', () => {
  it('is named after the database and its migrations, the same each time', () => {
    expect(starterImagePath(folder)).toBe(starterImagePath(folder));
    expect(starterImagePath(folder)).toMatch(/starter-[0-9a-f]{16}\.tar\.gz$/);
  });
});
