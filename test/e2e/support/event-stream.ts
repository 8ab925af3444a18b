import type { RunFact, RunState } from '@stagewright/engine';
import { EventSourceParserStream } from 'eventsource-parser/stream';

import type { ServerProcess } from '../../support/server-process.ts';

/** One live event as it came over the wire. */
export interface WireEvent {
  id: string;
  type: string;
  version: number;
  fact: RunFact;
  state: RunState;
}

/**
 * The events of a run over real HTTP, without the client library. Ends when the server ends the stream, when `enough` says so, or when the
 * connection breaks: what came until then is the answer.
 */
export async function readEvents(
  server: Pick<ServerProcess, 'url' | 'token'>,
  run: string,
  options: { after?: string; enough?: (events: WireEvent[]) => boolean } = {},
): Promise<WireEvent[]> {
  const stop = new AbortController();
  const response = await fetch(`${server.url}/api/v1/runs/${run}/events`, {
    headers: {
      authorization: `Bearer ${server.token}`,
      ...(options.after === undefined ? {} : { 'last-event-id': options.after }),
    },
    signal: stop.signal,
  });
  if (!response.ok || response.body === null)
    throw new Error(`GET events: ${response.status} ${await response.text()}`);
  const events: WireEvent[] = [];
  const messages = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  try {
    for await (const { id = '', event = '', data } of messages) {
      const { version, fact, state } = JSON.parse(data) as Omit<WireEvent, 'id' | 'type'>;
      events.push({ id, type: event, version, fact, state });
      if (options.enough?.(events) === true) break;
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  } finally {
    stop.abort();
  }
  return events;
}
