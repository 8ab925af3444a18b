import { StagewrightError } from '@stagewright/engine';
import { Agent, Response, fetch as undiciFetch } from 'undici';
import type { RequestInit as UndiciRequestInit } from 'undici';

import { originOf } from './allow-list.ts';
import type { AllowList } from './allow-list.ts';
import { egressErrors } from './egress.errors.ts';
import { guardedConnector } from './guarded-connector.ts';
import type { Connect, Resolve } from './guarded-connector.ts';
import { parseTarget } from './target.ts';

export interface OperatorFetchOptions {
  /** The origins of this one service: what carries its key goes nowhere else. */
  allow: AllowList;
  resolve?: Resolve;
  connect?: Connect;
  /** Bytes of an answer, unpacked. Default 64 MiB: a long streamed answer of a model is large on the wire. */
  bytes?: number;
}

const MOST_BYTES = 64 * 1024 * 1024;
const HEADER_BYTES = 32 * 1024;

/**
 * A `fetch` for the SDK of a service that the operator configured, through the same checks as the rest of what goes out:
 * exactly these origins, checked addresses, no redirects, no proxies of the environment. How long an answer may take is
 * the caller's to say, because models stream for minutes.
 */
export function createOperatorFetch({
  allow,
  bytes = MOST_BYTES,
  ...parts
}: OperatorFetchOptions): typeof globalThis.fetch {
  const dispatcher = new Agent({
    connect: guardedConnector({ allow, ...parts }),
    maxHeaderSize: HEADER_BYTES,
    maxResponseSize: bytes,
  });
  const send = async (input: string | URL, init: UndiciRequestInit = {}): Promise<Response> => {
    const url = parseTarget(String(input));
    if (allow(url) === undefined) throw egressErrors.notAllowed(originOf(url));
    const answer = await undiciFetch(url, { ...init, dispatcher, redirect: 'manual' }).catch(reasonOf);
    if (answer.body === null) return answer;
    const { status, statusText, headers } = answer;
    return new Response(answer.body.pipeThrough(cut(bytes, originOf(url))), { status, statusText, headers });
  };
  return send as unknown as typeof globalThis.fetch;
}

/** What the connector refused comes wrapped; its own words are the clearer ones. */
function reasonOf(error: unknown): never {
  const { cause } = Object(error) as { cause?: unknown };
  throw cause instanceof StagewrightError ? cause : error;
}

/** Ends a stream with `UPSTREAM_LIMIT` after so many bytes. */
function cut(bytes: number, origin: string): TransformStream<Uint8Array, Uint8Array> {
  let seen = 0;
  return new TransformStream({
    transform(chunk, controller) {
      seen += chunk.length;
      if (seen > bytes) controller.error(egressErrors.tooLarge(origin, `it is larger than ${bytes} bytes`));
      else controller.enqueue(chunk);
    },
  });
}
