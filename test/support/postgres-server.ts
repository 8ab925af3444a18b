import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';

const DEFAULT_URL = 'postgres://postgres@127.0.0.1:5432/test';

/** What is used here of node-postgres, which brings no types of its own. */
export interface PgClient {
  connect(): Promise<void>;
  query(query: string | { name: string; text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
  end(): Promise<void>;
}
interface Pg {
  Client: { new (config: { connectionString: string }): PgClient; prototype: PgClient };
}
export const pg = createRequire(import.meta.url)('pg') as Pg;

export interface OwnDatabase {
  url: string;
  drop(): Promise<void>;
}

/** The PostgreSQL server that TEST_DATABASE_URL names; databases may be made on it. */
export const SERVER_URL = process.env['TEST_DATABASE_URL'] ?? DEFAULT_URL;

export function postgresServer(server = SERVER_URL) {
  return {
    makeDatabase: async (): Promise<OwnDatabase> => {
      const name = `stagewright_test_${process.pid}_${randomBytes(4).toString('hex')}`;
      await ask(server, `create database ${name}`);
      const url = new URL(server);
      url.pathname = `/${name}`;
      const drop = async (): Promise<void> => {
        await ask(server, `drop database ${name} with (force)`);
      };
      return { url: url.toString(), drop };
    },
  };
}

/** One statement on a connection of its own. */
export async function ask<Row>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}
