import { Readable } from 'node:stream';

import type { FastifyReply } from 'fastify';

import type { StreamItem } from './events.service.ts';

/**
 * Sends items as server-sent events. The stream is pulled by the socket: nothing is read from the journal that the
 * client has no room for. Nothing on the way may keep, change or compress it.
 */
export function sendEvents(reply: FastifyReply, items: AsyncGenerator<StreamItem>): FastifyReply {
  return reply
    .headers({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    })
    .send(Readable.from(texts(items), { objectMode: false, highWaterMark: 16_384 }));
}

async function* texts(items: AsyncGenerator<StreamItem>): AsyncGenerator<string> {
  // Sent at once, so that the client knows the stream is open although nothing happened yet.
  yield ': open\n\n';
  for await (const item of items) yield textOf(item);
}

function textOf(item: StreamItem): string {
  if (item.kind === 'heartbeat') return ': \n\n';
  // JSON has no line breaks of its own, so one data line holds it.
  return `id: ${item.id}\nevent: ${item.data.fact.type}\ndata: ${JSON.stringify(item.data)}\n\n`;
}
