import type { PGlite } from '@electric-sql/pglite';

import { databaseFault, isUndone } from './database-faults.ts';
import { KeptStatements } from './kept-statements.ts';

/** Hand-written SQL with `$1` parameters. The name says what it does and lets PostgreSQL keep the plan. */
export interface Statement {
  name: string;
  text: string;
  /** Sent for every step of every run: planned once for each connection. Its parameters are text. */
  hot?: true;
}

/** A statement that is put together for one call, with its values. */
export interface SentStatement {
  statement: Statement;
  values: unknown[];
}

/** What is used here of the pool that the PostgreSQL driver keeps. */
export interface PostgresPool {
  query(statement: { name: string; text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
  connect(): Promise<PostgresConnection>;
}
export interface PostgresConnection {
  query(text: string, values?: unknown[]): Promise<unknown>;
  /** True ends the connection instead of giving it back. */
  release(end: boolean): void;
}
export type SqlClient =
  | { kind: 'pglite'; client: PGlite }
  | { kind: 'postgresql'; client: PostgresPool; hot: Pick<PostgresPool, 'query'> };

const MOST_TRIES = 4;

/**
 * Runs hand-written statements on the connection that the ORM uses, without its unit of work: the hot path of runs
 * counts its round trips. Both drivers give `json` as values; statements give times as text (see `instant`).
 */
export class Database {
  readonly #sql: SqlClient;
  readonly #kept: KeptStatements | null;
  #statements = 0;

  constructor(sql: SqlClient) {
    this.#sql = sql;
    this.#kept = sql.kind === 'pglite' ? KeptStatements.of(sql.client) : null;
  }

  /** Statements sent so far. Tests hold the cost of an operation against it. */
  get statements(): number {
    return this.#statements;
  }

  /**
   * Lists become PostgreSQL arrays; documents are handed over as JSON text. A statement that PostgreSQL undid over a
   * deadlock or a race is sent again, a few times. Throws `DATABASE_UNAVAILABLE`, `DATABASE_BUSY` and `DISK_FULL`.
   */
  async query<Row>(statement: Statement, values: unknown[]): Promise<Row[]> {
    for (let tries = 1; ; tries += 1) {
      this.#statements += 1;
      try {
        return await this.#send<Row>(statement, values);
      } catch (error) {
        if (!isUndone(error) || tries === MOST_TRIES) throw databaseFault(error) ?? error;
      }
    }
  }

  async #send<Row>({ name, text, hot }: Statement, values: unknown[]): Promise<Row[]> {
    if (hot === true && this.#kept !== null)
      return await this.#kept.query<Row>({ name, text }, values as string[]);
    if (this.#sql.kind === 'pglite') return (await this.#sql.client.query<Row>(text, values)).rows;
    const pool = hot === true ? this.#sql.hot : this.#sql.client;
    return (await pool.query({ name, text, values })).rows as Row[];
  }
}

/** SQL that gives a `timestamptz` column as an `Instant`. */
export function instant(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
