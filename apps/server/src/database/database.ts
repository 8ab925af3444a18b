import type { PGlite } from '@electric-sql/pglite';

import { databaseUnreachable } from './database.errors.ts';
import { KeptStatements } from './kept-statements.ts';

/** Hand-written SQL with `$1` parameters. The name says what it does and lets PostgreSQL keep the plan. */
export interface Statement {
  name: string;
  text: string;
  /** Sent for every step of every run: planned once for each connection. Its parameters are text. */
  hot?: true;
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
    this.#kept = sql.kind === 'pglite' ? new KeptStatements(sql.client) : null;
  }

  /** Statements sent so far. Tests hold the cost of an operation against it. */
  get statements(): number {
    return this.#statements;
  }

  /** Lists become PostgreSQL arrays; documents are handed over as JSON text. Throws `DATABASE_UNAVAILABLE`. */
  async query<Row>(statement: Statement, values: unknown[]): Promise<Row[]> {
    this.#statements += 1;
    try {
      return await this.#send<Row>(statement, values);
    } catch (error) {
      throw isConnectionFault(error) ? databaseUnreachable(error) : error;
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

// The socket's own codes, PostgreSQL's classes 08 (connection), 53300 (too many) and 57P (shutdown), and what the
// driver says without a code.
const FAULT_CODES = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08...|53300|57P0[1-5])$/;
const FAULT_MESSAGES = /^(Connection terminated|timeout exceeded when trying to connect)/;

function isConnectionFault(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (
    (typeof code === 'string' && FAULT_CODES.test(code)) ||
    (typeof message === 'string' && FAULT_MESSAGES.test(message))
  );
}

/** SQL that gives a `timestamptz` column as an `Instant`. */
export function instant(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
