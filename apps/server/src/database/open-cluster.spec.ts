import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { migrate } from './migrate.ts';
import { openCluster } from './open-cluster.ts';
import { furnish, openPglite } from './open-database.ts';
import { starterPath } from './starter-cluster.ts';

Logger.overrideLogger(false);
// A cluster from nothing takes seconds, and more on a busy machine.
jest.setTimeout(120_000);

let folder: string;
let starter: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  starter = join(folder, 'cache', 'starter');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const dataDir = (name: string): string => {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return path;
};

/** Opens and closes a migrated database; gives whether it was furnished, and so made from nothing. */
async function fromNothing(name: string, kept = starter): Promise<boolean> {
  let furnished = false;
  const pglite = await openCluster(
    dataDir(name),
    async (made) => {
      furnished = true;
      await furnish(made);
    },
    kept,
  );
  const open = await openPglite(pglite);
  expect(await migrate(open.orm, open.client)).toEqual([]);
  expect(await open.database.query({ name: 'w', text: 'select id from workspace' }, [])).toEqual([
    { id: 'default' },
  ]);
  await open.close();
  expect(readdirSync(join(folder, name))).toEqual(['db']);
  return furnished;
}

function leaveHalf(name: string): void {
  const half = join(dataDir(name), 'db.unfinished');
  mkdirSync(join(half, 'base'), { recursive: true });
  writeFileSync(join(half, 'PG_VERSION'), '17\n');
}

describe('the embedded database of a new data directory', () => {
  it('is made from nothing once, and a copy of that ever after', async () => {
    expect(await fromNothing('first')).toBe(true);
    expect(readdirSync(join(folder, 'cache'))).toEqual(['starter']);
    expect(await fromNothing('second')).toBe(false);
    expect(await fromNothing('second')).toBe(false);

    // A process died over making it: what it left looks like a database and is none.
    leaveHalf('died');
    expect(await fromNothing('died')).toBe(false);
  });

  it('is made from nothing when the starter is damaged, and where none can be kept', async () => {
    mkdirSync(starter, { recursive: true });
    writeFileSync(join(starter, 'PG_VERSION'), '17\n');
    leaveHalf('damaged');
    expect(await fromNothing('damaged')).toBe(true);
    expect(await fromNothing('after')).toBe(false);

    writeFileSync(join(folder, 'file'), 'in the way');
    const impossible = join(folder, 'file', 'starter');
    expect(await fromNothing('unkept', impossible)).toBe(true);
    expect(existsSync(impossible)).toBe(false);
  });
});

describe('the starter of a release', () => {
  it('is named after the database and its migrations, the same each time', () => {
    expect(starterPath(folder)).toBe(starterPath(folder));
    expect(starterPath(folder)).toMatch(/starter-[0-9a-f]{16}$/);
  });
});
