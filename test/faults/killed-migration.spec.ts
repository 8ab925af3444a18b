import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';

import { migrations } from '../../apps/server/src/database/migrations/index.ts';
import { openPostgres } from '../../apps/server/src/database/open-database.ts';
import { endOf, spawnOwn } from '../chaos/services/own-process.ts';
import { OwnPostgres, withConnection } from '../chaos/services/postgres.ts';
import { apiOf } from '../e2e/support/api.ts';
import { makeGitRegistry } from '../e2e/support/git-registry.ts';
import { spawnServer, startServer } from '../support/server-process.ts';
import { ROOT } from '../support/root.ts';
import { GATE_REGISTRY } from './support/gate-template.ts';
import { describeWithServices } from './support/own-services.ts';

jest.setTimeout(240_000);

/** Statements that a process is killed before, of all that it takes: spread over them, the last among them. */
const KILLS = 6;
const NAMES = migrations.map(({ name }) => name);

/** F11: the schema is there as a whole or not at all, whoever is killed while it is made, and whoever else makes it. */
describeWithServices('a schema that is being made', (programs) => {
  let postgres: OwnPostgres;
  let dataDir: string;
  beforeAll(async () => {
    postgres = await OwnPostgres.create(programs);
    await postgres.start();
    dataDir = mkdtempSync(join(tmpdir(), 'stagewright-schema-'));
  });
  afterAll(async () => {
    await postgres?.remove();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function database(name: string): Promise<string> {
    await postgres.createDatabase(name);
    return postgres.url(name);
  }
  async function migrateInProcess(url: string, dieAt?: number) {
    const env = {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: url,
      ...(dieAt === undefined ? {} : { DIE_AT: String(dieAt) }),
    };
    const child = spawnOwn(process.execPath, [join(import.meta.dirname, 'support/migrate.process.ts')], {
      env,
      cwd: ROOT,
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    return { end: await endOf(child), said };
  }
  const tables = (url: string): Promise<string[]> =>
    withConnection(url, async (one) => {
      const { rows } = await one.query(
        `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
      );
      return (rows as Array<{ name: string }>).map(({ name }) => name);
    });
  const applied = (url: string): Promise<string[]> =>
    withConnection(url, async (one) => {
      const { rows } = await one.query('select name from mikro_orm_migrations order by id');
      return (rows as Array<{ name: string }>).map(({ name }) => name);
    });

  it('is whole after the next start, at whichever statement the one before was killed', async () => {
    const whole = await database('whole');
    const { end, said } = await migrateInProcess(whole);
    expect({ end, said }).toEqual({ end: 0, said: expect.stringMatching(/^\d+$/) });
    const statements = Number(said);
    // More than a migration has: kills fall into the middle of several.
    expect(statements).toBeGreaterThan(2 * NAMES.length);
    const everything = await tables(whole);

    let inTheMiddle = 0;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const url = await database(`killed_${kill}`);
      const at = Math.ceil((statements * kill) / KILLS);
      const killed = await migrateInProcess(url, at);
      expect({ at, end: killed.end }).toEqual({ at, end: 'SIGKILL' });
      // The tables of the product are all there, or none is.
      const left = (await tables(url)).filter((name) => name !== 'mikro_orm_migrations');
      if (left.length === 0) inTheMiddle += 1;
      else
        expect({ at, left }).toEqual({
          at,
          left: everything.filter((name) => name !== 'mikro_orm_migrations'),
        });

      const open = await openPostgres(url);
      try {
        expect(await applied(url)).toEqual(NAMES);
        expect(await open.orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
      } finally {
        await open.close();
      }
      expect(await tables(url)).toEqual(everything);
    }
    expect(inTheMiddle).toBeGreaterThan(KILLS / 2);
  });

  it('is made once by two servers that start at the same moment on an empty database, and both serve', async () => {
    const registry = makeGitRegistry(GATE_REGISTRY);
    registry.publish('Gates');
    const url = await database('together');
    const settings = {
      DATABASE_URL: url,
      SECRET_KEY: randomBytes(32).toString('hex'),
      REGISTRY_URL: registry.url,
      REGISTRY_SYNC_SECONDS: '0',
    };
    const servers = await Promise.all([startServer(dataDir, settings), startServer(dataDir, settings)]);
    try {
      expect(await applied(url)).toEqual(NAMES);
      for (const [index, server] of servers.entries()) {
        const api = apiOf(server);
        const { id } = await api.create({ template: 'gate', inputs: {} });
        await apiOf(servers[1 - index]!).until(id, 'approval_pending');
      }
    } finally {
      await Promise.all(servers.map((server) => server.kill()));
      registry.remove();
    }
  });

  it('is left alone by a server that does not know it', async () => {
    const url = await database('newer');
    await (await openPostgres(url)).close();
    const future = '2031-01-01-from-the-future';
    await withConnection(url, (one) =>
      one.query('insert into mikro_orm_migrations (name) values ($1)', [future]),
    );
    const child = spawnServer(dataDir, { DATABASE_URL: url, SECRET_KEY: randomBytes(32).toString('hex') });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    expect(await endOf(child)).toBe(1);
    expect(said).toContain('SCHEMA_UNKNOWN');
    expect(said).toContain(future);
    expect(await applied(url)).toEqual([...NAMES, future]);
  });
});
