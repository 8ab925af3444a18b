import { randomBytes } from 'node:crypto';

import { MikroORM } from '@mikro-orm/postgresql';

const POSTGRES = process.env['TEST_DATABASE_URL'];

/** Settings that put a server on a database of its own; `close` drops it. */
export interface ServerDatabase {
  open(): Promise<Record<string, string>>;
  close(): Promise<void>;
}

export interface ServerVariant {
  settings: () => ServerDatabase;
  /** How often a suite kills a server at a random moment. */
  kills: number;
}

const EMBEDDED: ServerVariant = { settings: embedded, kills: 6 };

interface Describe {
  (name: string, suite: () => void): void;
  skip(name: string, suite: () => void): void;
}

/** One `describe` for the embedded database and one for PostgreSQL, which is skipped by name without TEST_DATABASE_URL. */
export function describeOnEachServer(
  describe: Describe,
  name: string,
  suite: (variant: ServerVariant) => void,
): void {
  describe(`${name}, on the embedded database,`, () => suite(EMBEDDED));
  if (POSTGRES === undefined) {
    describe.skip(`${name}, on PostgreSQL (TEST_DATABASE_URL is not set),`, () => suite(EMBEDDED));
    return;
  }
  describe(`${name}, on PostgreSQL,`, () => suite({ settings: () => postgres(POSTGRES), kills: 3 }));
}

function embedded(): ServerDatabase {
  return { open: () => Promise.resolve({}), close: () => Promise.resolve() };
}

function postgres(server: string): ServerDatabase {
  const name = `stagewright_e2e_${process.pid}_${randomBytes(4).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    open: async () => {
      await onServer(server, `create database ${name}`);
      return { DATABASE_URL: url.toString(), SECRET_KEY: randomBytes(32).toString('hex') };
    },
    close: () => onServer(server, `drop database ${name} with (force)`),
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
