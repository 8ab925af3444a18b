import type { StagewrightError } from '@stagewright/engine';

import { databaseBusy, databaseFull, databaseUnreachable } from './database.errors.ts';

// The socket's own codes, PostgreSQL's classes 08 (connection), 53300 (too many) and 57P (shutdown), and what the
// driver says without a code.
const AWAY_CODES = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08...|53300|57P0[1-5])$/;
const AWAY_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;
/** The longest wait for a lock, and the longest time of a statement: `postgresConfig` sets both. */
const BUSY_CODES = /^(55P03|57014)$/;
/** A deadlock, and two that cannot both be first: PostgreSQL has undone all of the statement and asks for it again. */
const UNDONE_CODES = /^(40001|40P01)$/;
/** No room on the disk of the database, which has undone the statement. */
const FULL_CODE = '53100';

/**
 * What an error of the driver, or of the ORM around it, means for whoever asked: `DATABASE_UNAVAILABLE`,
 * `DATABASE_BUSY` or `DISK_FULL`. Undefined when the statement itself is at fault.
 */
export function databaseFault(error: unknown): StagewrightError | undefined {
  if (isAway(error)) return databaseUnreachable(error);
  const code = codeOf(error);
  if (code === FULL_CODE) return databaseFull(error);
  return BUSY_CODES.test(code) || UNDONE_CODES.test(code) ? databaseBusy(error) : undefined;
}

/** Nothing of the statement was done, and the same statement may well work now. */
export function isUndone(error: unknown): boolean {
  return UNDONE_CODES.test(codeOf(error));
}

function isAway(error: unknown): boolean {
  const { message } = (error ?? {}) as { message?: unknown };
  return AWAY_CODES.test(codeOf(error)) || (typeof message === 'string' && AWAY_MESSAGES.test(message));
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
