import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Params } from 'nestjs-pino';
import { pino } from 'pino';
import type { DestinationStream } from 'pino';

import { REDACTED_PATHS, redact, secretValues } from '../config/index.ts';
import type { Settings } from '../config/index.ts';

/** Bytes of log that wait for room; what comes after them is lost. */
const MOST_WAITING = 1_000_000;

/** Structured logs on standard error, so that standard output belongs to what the process is asked to print. */
export function loggerOptions(settings: Settings): Params {
  const secrets = secretValues(settings);
  const options = {
    level: settings.logLevel,
    redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    genReqId: (request: IncomingMessage & { id?: unknown }) =>
      typeof request.id === 'string' ? request.id : randomUUID(),
    serializers: {
      req: ({ id, method, url }: { id: unknown; method: string; url: string }) => ({
        id,
        method,
        url: url.split('?')[0],
      }),
      res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
    },
    customLogLevel: (_request: IncomingMessage, response: ServerResponse, error?: Error) =>
      error !== undefined || response.statusCode >= 500 ? ('error' as const) : ('debug' as const),
    hooks: {
      /** The last net: a secret that got into an error text of a library does not get into the log. */
      streamWrite: (line: string) => redact(line, secrets),
    },
  };
  return { pinoHttp: [options, standardError()] };
}

/** Where the log goes may have no room, or be gone: the server works on, and what waits is written when there is room. */
function standardError(): DestinationStream {
  const stream = pino.destination({ dest: 2, sync: true, maxLength: MOST_WAITING });
  stream.on('error', () => undefined);
  return stream;
}
