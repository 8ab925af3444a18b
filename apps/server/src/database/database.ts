import type { PGlite } from '@electric-sql/pglite';

/** Hand-written SQL with `$1` parameters. The name says what it does and lets PostgreSQL keep the plan. */
export interface Statement {
  name: string;
  text: string;
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
export type SqlClient = { kind: 'pglite'; client: PGlite } | { kind: 'postgresql'; client: PostgresPool };

/**
 * Runs hand-written statements on the connection that the ORM uses, without its unit of work: the hot path of runs
 * counts its round trips. Both drivers give `json` as values; statements give times as text (see `instant`).
 */
export class Database {
  readonly #sql: SqlClient;
  #statements = 0;

  constructor(sql: SqlClient) {
    this.#sql = sql;
  }

  /** Statements sent so far. Tests hold the cost of an operation against it. */
  get statements(): number {
    return this.#statements;
  }

  /** Lists become PostgreSQL arrays; documents are handed over as JSON text. */
  async query<Row>(statement: Statement, values: unknown[]): Promise<Row[]> {
    this.#statements += 1;
    if (this.#sql.kind === 'pglite') {
      return (await this.#sql.client.query<Row>(statement.text, values)).rows;
    }
    const result = await this.#sql.client.query({ name: statement.name, text: statement.text, values });
    return result.rows as Row[];
  }
}

/** SQL that gives a `timestamptz` column as an `Instant`. */
export function instant(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
