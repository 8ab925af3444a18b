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

export function statementsSent(): number {
  return statements;
}

function count<Name extends string>(prototype: Record<Name, unknown>, name: Name): void {
  const sent = prototype[name] as (...args: unknown[]) => unknown;
  prototype[name] = function (this: unknown, ...args: unknown[]): unknown {
    statements += 1;
    return sent.apply(this, args);
  };
}

export interface Cost {
  /** Of all processes of the stand. */
  statements: number;
  cpuMs: number;
  /** Null where the database does not tell. Other work on the same server is counted too. */
  walBytes: number | null;
}

/** What `work` cost. */
export async function costOf(stand: Stand, work: () => Promise<void>): Promise<Cost> {
  const walBefore = await walPosition(stand);
  const before = await stand.measures();
  await work();
  const after = await stand.measures();
  const walAfter = await walPosition(stand);
  return {
    statements: after.statements - before.statements,
    cpuMs: after.cpuMs - before.cpuMs,
    walBytes: walBefore === null || walAfter === null ? null : walAfter - walBefore,
  };
}

async function walPosition({ databaseUrl }: Stand): Promise<number | null> {
  if (databaseUrl === null) return null;
  const [row] = await ask<{ at: string }>(databaseUrl, "select pg_current_wal_lsn() - '0/0' as at");
  return Number(row?.at);
}
