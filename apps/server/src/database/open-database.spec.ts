import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';

import { ConfigModule } from '../config/config.module.ts';
import type { Settings } from '../config/settings.ts';
import { Database } from './database.ts';
import { DatabaseModule } from './database.module.ts';
import { openDatabase } from './open-database.ts';

const COUNT = { name: 'count', text: 'select count(*)::int as n from workspace' };
const ADD = { name: 'add', text: `insert into workspace (id, title) values ('kept', 'Kept')` };

describe('the database of a server', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'open-database-'));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  it('is made in the data directory, is one process at a time, and is there again after a stop', async () => {
    const settings = { dataDir, databaseUrl: null };
    const module = await Test.createTestingModule({
      imports: [ConfigModule.with(settings as Settings), DatabaseModule],
    }).compile();
    const app = await module.init();
    expect(await app.get(Database).query(COUNT, [])).toEqual([{ n: 1 }]);
    await expect(openDatabase(settings)).rejects.toMatchObject({
      code: 'DATA_DIR_LOCKED',
      details: { pid: process.pid },
    });
    await app.get(Database).query(ADD, []);
    await app.close();

    const again = await openDatabase(settings);
    expect(await again.database.query(COUNT, [])).toEqual([{ n: 2 }]);
    await again.close();
  }, 60_000);

  it('says so when PostgreSQL does not answer', async () => {
    const url = 'postgres://nobody@127.0.0.1:1/none';
    await expect(openDatabase({ dataDir, databaseUrl: url })).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      retryable: true,
    });
  });
});
