import { HttpException } from '@nestjs/common';
import { StagewrightError } from '@stagewright/engine';

import { databaseFault } from '../database/database-faults.ts';
import type { ProblemFacts } from './problem.ts';
import { statusOfCode } from './status-of-code.ts';

const HTTP_CODES: Record<number, string> = {
  400: 'REQUEST_MALFORMED',
  401: 'AUTH_INVALID',
  403: 'REQUEST_FORBIDDEN',
  404: 'ROUTE_NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  406: 'NOT_ACCEPTABLE',
  408: 'REQUEST_TIMEOUT',
  413: 'REQUEST_TOO_LARGE',
  414: 'REQUEST_URI_TOO_LONG',
  415: 'MEDIA_TYPE_UNSUPPORTED',
  429: 'RATE_LIMITED',
  503: 'SERVER_CLOSING',
};

/** Seconds a client should wait for what is away, when the error itself does not say. */
const RETRY_AFTER = 5;

/** What an error of any make tells a client. Nothing of an unknown error gets out but that it happened. */
export function problemOf(error: unknown): ProblemFacts {
  if (error instanceof StagewrightError) return ofStagewright(error);
  const database = ofDatabase(error);
  if (database !== undefined) return database;
  const status = httpStatus(error);
  if (status !== undefined && status < 500) return ofHttp(status, error);
  return {
    status: status ?? 500,
    code: HTTP_CODES[status ?? 500] ?? 'INTERNAL_ERROR',
    detail: 'Something went wrong on the server. The log has the cause under this request id.',
  };
}

function ofStagewright(error: StagewrightError): ProblemFacts {
  const status = statusOfCode(error.code);
  return {
    status,
    code: error.code,
    detail: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.details === undefined ? {} : { details: error.details }),
    ...(status === 503 ? { retryAfter: retryAfter(error) } : {}),
  };
}

/** Whole seconds, as the header wants them, and never 0: that would be a tight loop. */
function retryAfter({ retryAfterMs }: StagewrightError): number {
  return retryAfterMs === undefined ? RETRY_AFTER : Math.max(1, Math.ceil(retryAfterMs / 1000));
}

function ofHttp(status: number, error: unknown): ProblemFacts {
  // A framework's text for these is about its own parsing and holds no value of the server's.
  const detail =
    error instanceof Error && error.message !== '' ? error.message : 'The request cannot be served.';
  return { status, code: HTTP_CODES[status] ?? 'REQUEST_REFUSED', detail };
}

function httpStatus(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  // Fastify's own errors: a body that is too large, of an unknown type, or not JSON.
  const { statusCode, code } = (error ?? {}) as { statusCode?: unknown; code?: unknown };
  return typeof statusCode === 'number' && typeof code === 'string' && code.startsWith('FST_')
    ? statusCode
    : undefined;
}

const DATABASE_DETAILS: Record<string, string> = {
  DATABASE_UNAVAILABLE: 'The database does not answer. Nothing was lost; try again shortly.',
  DATABASE_BUSY: 'The database did not get to it in time. Nothing was changed; try again shortly.',
  DISK_FULL: 'The disk of the database is full. Nothing was changed; it works again when there is room.',
};

/** The ORM hands the driver's errors on under names of its own. */
const ORM_ERROR = /Exception$/;

/** Of the database, when it is away or busy. What the driver says may hold addresses and values: it stays in the log. */
function ofDatabase(error: unknown): ProblemFacts | undefined {
  if (!(error instanceof Error) || !ORM_ERROR.test(error.constructor.name)) return undefined;
  const lost = error.constructor.name === 'ConnectionException';
  const code = lost ? 'DATABASE_UNAVAILABLE' : databaseFault(error)?.code;
  if (code === undefined) return undefined;
  return { status: statusOfCode(code), code, detail: DATABASE_DETAILS[code]!, retryAfter: RETRY_AFTER };
}

export function methodNotAllowed(method: string, allow: string[]): ProblemFacts {
  return {
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
    detail: `${method} is not a method of this route.`,
    hint: `It takes ${allow.join(', ')}.`,
    allow,
  };
}
