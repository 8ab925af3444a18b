import { EventSourceParserStream } from 'eventsource-parser/stream';
import { problemOf, unreachable } from './problem.ts';

/** One event of a stream, as sent: `data` is its JSON. */
export interface LiveMessage {
  id: string;
  event: string;
  data: unknown;
}

export interface LiveOptions {
  url: string;
  headers: Record<string, string>;
  signal: AbortSignal;
  fetch: typeof fetch;
  /** Whether this message is the last one: the stream is then not opened again. */
  isLast(message: LiveMessage): boolean;
  /** Reconnects in a row without a message before it gives up. Default 10. */
  maxReconnects?: number;
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;

/**
 * Reads server-sent events and, when the connection breaks, goes on after the last id it saw: no gap, no repeat. Ends after the last message or when
 * `signal` aborts; throws the server's problem, or `SERVER_UNREACHABLE` after too many tries.
 */
export async function* liveEvents(options: LiveOptions): AsyncGenerator<LiveMessage> {
  let lastId: string | undefined;
  let failures = 0;
  while (!options.signal.aborted) {
    try {
      for await (const message of readOnce(options, lastId)) {
        if (message.id === lastId) continue;
        lastId = message.id;
        failures = 0;
        yield message;
        if (options.isLast(message)) return;
      }
    } catch (error) {
      if (options.signal.aborted) return;
      if (!isConnectionError(error)) throw error;
      if (failures >= (options.maxReconnects ?? 10)) throw unreachable(options.url, error);
    }
    failures += 1;
    await wait(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)), options.signal);
  }
}

/** The messages of a stream that ends by itself: nothing is opened again, and one that broke off throws. */
export async function* finiteEvents(
  options: Pick<LiveOptions, 'url' | 'headers' | 'signal' | 'fetch'>,
): AsyncGenerator<LiveMessage> {
  try {
    yield* readOnce(options, undefined);
  } catch (error) {
    throw isConnectionError(error) ? unreachable(options.url, error) : error;
  }
}

async function* readOnce(
  options: Pick<LiveOptions, 'url' | 'headers' | 'signal' | 'fetch'>,
  lastId: string | undefined,
): AsyncGenerator<LiveMessage> {
  const headers = {
    ...options.headers,
    accept: 'text/event-stream',
    ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
  };
  const response = await options.fetch(options.url, { headers, signal: options.signal });
  if (!response.ok || response.body === null)
    throw problemOf(response.status, await response.json().catch(() => undefined));
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { id, event, data } of events) {
    if (id !== undefined && data !== '')
      yield { id, event: event ?? 'message', data: JSON.parse(data) as unknown };
  }
}

/** What `fetch` throws when there is no connection or it broke: a TypeError, or the socket's own error. By name, since it may come from another realm. */
function isConnectionError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name, code } = error as { name?: unknown; code?: unknown };
  return name === 'TypeError' || (typeof code === 'string' && /^(UND_ERR|ECONN|EPIPE)/.test(code));
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((done) => {
    const timer = setTimeout(finish, ms);
    function finish(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      done();
    }
    signal.addEventListener('abort', finish, { once: true });
  });
}
