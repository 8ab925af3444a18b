import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { anthropicBody, anthropicError, anthropicEvents } from './anthropic-wire.ts';
import { openAiBody, openAiError, openAiEvents } from './openai-wire.ts';
import type { RecordedRequest, Reply, ScriptedAnswer, WireEvent } from './script.ts';

export type { RecordedRequest, Reply, ScriptedAnswer } from './script.ts';

/** A server on this machine that speaks the wire protocols of OpenAI (chat completions) and Anthropic (messages). */
export interface AiProtocolServer {
  /** `http://127.0.0.1:<port>`; OpenAI is under `/v1`, Azure under `/openai/deployments/<name>`, Anthropic under `/v1/messages`. */
  readonly url: string;
  /** Everything that came in, in order. */
  readonly requests: RecordedRequest[];
  /** Replaces the script and forgets what came in. */
  script(...replies: Reply[]): void;
  close(): Promise<void>;
}

export async function startAiProtocolServer(): Promise<AiProtocolServer> {
  const requests: RecordedRequest[] = [];
  let replies: Reply[] = [];
  const server = createServer((incoming, outgoing) => {
    void serve(incoming, outgoing, (request) => {
      requests.push(request);
      return replies.length > 1 ? replies.shift() : replies[0];
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    script: (...next) => {
      replies = next;
      requests.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  next: (request: RecordedRequest) => Reply | undefined,
): Promise<void> {
  const request = await record(incoming);
  const protocol = PROTOCOLS.find((candidate) => candidate.path.test(request.path));
  const reply = next(request);
  if (!protocol || request.method !== 'POST')
    return json(outgoing, 404, openAiError({ status: 404, message: 'Not found' }));
  if (!reply)
    return json(outgoing, 500, openAiError({ status: 500, message: 'The test has scripted no reply.' }));
  switch (reply.kind) {
    case 'reset':
      return void incoming.socket.resetAndDestroy();
    case 'silent':
      return;
    case 'raw':
      outgoing.writeHead(200, { 'content-type': reply.contentType });
      return void outgoing.end(reply.body);
    case 'redirect':
      outgoing.writeHead(307, { location: reply.location });
      return void outgoing.end();
    case 'error':
      return json(outgoing, reply.status, protocol.error(reply), reply.headers);
    case 'answer':
      return answerWith(reply.answer, request, outgoing, protocol);
  }
}

interface Protocol {
  path: RegExp;
  error(reply: { status: number; type?: string; code?: string; message?: string }): object;
  body(answer: ScriptedAnswer, model: string): object;
  events(answer: ScriptedAnswer, model: string, request: RecordedRequest): Iterable<WireEvent>;
}

const PROTOCOLS: Protocol[] = [
  {
    path: /\/chat\/completions(\?|$)/,
    error: openAiError,
    body: openAiBody,
    events: (answer, model, request) =>
      openAiEvents(
        answer,
        model,
        (request.body['stream_options'] as { include_usage?: boolean } | undefined)?.include_usage === true,
      ),
  },
  { path: /\/v1\/messages(\?|$)/, error: anthropicError, body: anthropicBody, events: anthropicEvents },
];

async function answerWith(
  answer: ScriptedAnswer,
  request: RecordedRequest,
  outgoing: ServerResponse,
  protocol: Protocol,
): Promise<void> {
  const model = answer.model ?? String(request.body['model']);
  if (request.body['stream'] !== true) return json(outgoing, 200, protocol.body(answer, model));
  outgoing.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  for (const event of protocol.events(answer, model, request)) {
    if (outgoing.destroyed) return;
    if ('cut' in event) {
      // What was written so far must have left before the socket goes.
      await sleep(20);
      return void outgoing.destroy();
    }
    outgoing.write(event.write);
    if (answer.delayMs !== undefined) await sleep(answer.delayMs);
  }
  outgoing.end();
}

async function record(incoming: IncomingMessage): Promise<RecordedRequest> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString('utf8');
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { method: incoming.method ?? '', path: incoming.url ?? '', headers, body };
}

function json(
  outgoing: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_1', ...headers });
  outgoing.end(JSON.stringify(body));
}
