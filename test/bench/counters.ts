import { PGlite } from '@electric-sql/pglite';

import { ask, pg } from '../support/postgres-server.ts';
import type { Stand } from './stand.ts';

let statements = 0;

/**
 * Counts every statement that this process sends, the ORM's too: at the drivers, because that is where all of them
 * pass. Call once, before a database is opened.
 */
export function countStatements(): void {
  count(pg.Client.prototype, 'query');
  count(PGlite.prototype, 'query');
  count(PGlite.prototype, 'exec');
  count(PGlite.prototype, 'execProtocol');
}

function count<Name extends string>(prototype: Record<Name, unknown>, name: Name): void {
  const sent = prototype[name] as (...args: unknown[]) => unknown;
  prototype[name] = function (this: unknown, ...args: unknown[]): unknown {
    statements += 1;
    return sent.apply(this, args);
  };
}

export interface Cost {
  statements: number;
  /** Null where the database does not tell. Other work on the same server is counted too. */
  walBytes: number | null;
}

/** What `work` cost the database. */
export async function costOf(stand: Stand, work: () => Promise<void>): Promise<Cost> {
  const walBefore = await walPosition(stand);
  const before = statements;
  await work();
  const sent = statements - before;
  const walAfter = await walPosition(stand);
  return {
    statements: sent,
    walBytes: walBefore === null || walAfter === null ? null : walAfter - walBefore,
  };
}

async function walPosition({ databaseUrl }: Stand): Promise<number | null> {
  if (databaseUrl === null) return null;
  const [row] = await ask<{ at: string }>(databaseUrl, "select pg_current_wal_lsn() - '0/0' as at");
  return Number(row?.at);
}
