import type { EgressRequest, EgressResponse, Json } from '@stagewright/engine';
import { Agent } from 'undici';
import type { Dispatcher } from 'undici';

import { originOf } from './allow-list.ts';
import type { AllowList } from './allow-list.ts';
import { ACCEPTED_ENCODINGS, readBody } from './answer-body.ts';
import type { BodyLimits } from './answer-body.ts';
import { CallTimes } from './call-times.ts';
import { egressErrors } from './egress.errors.ts';
import { guardedConnector } from './guarded-connector.ts';
import type { Connect, Resolve } from './guarded-connector.ts';
import { checkedHeaders } from './request-headers.ts';
import { parseTarget } from './target.ts';
import { upstreamError } from './upstream-error.ts';

export interface EgressLimits extends BodyLimits {
  /** Bytes of a request's body. */
  requestBytes: number;
  /** Milliseconds for a call in all, when it does not say; and the most that it may say. */
  totalMs: number;
  mostTotalMs: number;
  /** Milliseconds between two pieces of an answer. */
  idleMs: number;
}

export const EGRESS_LIMITS: EgressLimits = {
  bytes: 10 * 1024 * 1024,
  ratio: 100,
  ratioFreeBytes: 1024 * 1024,
  requestBytes: 10 * 1024 * 1024,
  totalMs: 15_000,
  mostTotalMs: 30_000,
  idleMs: 10_000,
};

export interface EgressOptions {
  allow: AllowList;
  limits?: Partial<EgressLimits>;
  /** Default: the name service of the system. */
  resolve?: Resolve;
  /** Default: real connections. */
  connect?: Connect;
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
const HEADER_BYTES = 32 * 1024;

/**
 * The one way out to the network for actions. Reaches allowed hosts at public addresses and nothing else, follows no
 * redirect, knows no proxy of the environment, and cuts off what is too large, too slow or packed too tightly.
 */
export class EgressClient {
  readonly #allow: AllowList;
  readonly #limits: EgressLimits;
  readonly #agent: Agent;

  constructor({ allow, limits, resolve, connect }: EgressOptions) {
    this.#allow = allow;
    this.#limits = { ...EGRESS_LIMITS, ...limits };
    this.#agent = new Agent({
      connect: guardedConnector({ allow, ...(resolve && { resolve }), ...(connect && { connect }) }),
      // One connection a call: every call is resolved and checked anew.
      pipelining: 0,
      maxHeaderSize: HEADER_BYTES,
      // `CallTimes` keeps the time.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /**
   * Sends one request. Every status but a redirect is an answer. Throws `EGRESS_BLOCKED`, `HEADER_INVALID`,
   * `EGRESS_REQUEST_INVALID`, `UPSTREAM_UNREACHABLE`, `UPSTREAM_UNTRUSTED`, `UPSTREAM_TIMEOUT` (no answer began),
   * `UPSTREAM_LIMIT` (the answer was cut off), `UPSTREAM_INVALID`, or `EGRESS_ABORTED`.
   */
  async request(request: EgressRequest): Promise<EgressResponse> {
    const url = parseTarget(request.url);
    const origin = originOf(url);
    if (this.#allow(url) === undefined) throw egressErrors.notAllowed(origin);
    const headers = checkedHeaders(request.headers ?? {});
    this.#checkMethodAndBody(request);
    const times = new CallTimes(origin, this.#timesOf(request), request.signal);
    try {
      const answer = await this.#agent.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: request.method,
        headers: { ...headers, 'accept-encoding': ACCEPTED_ENCODINGS },
        body: request.body ?? null,
        signal: times.signal,
      });
      return await this.#read(answer, url, times);
    } catch (error) {
      throw times.reason ?? upstreamError(origin, error);
    } finally {
      times.end();
    }
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #read(answer: Dispatcher.ResponseData, url: URL, times: CallTimes): Promise<EgressResponse> {
    const origin = originOf(url);
    const { statusCode: status, body } = answer;
    times.answerBegan();
    body.on('data', () => times.moved()).once('end', () => times.arrived());
    const headers = flatten(answer.headers);
    const location = headers['location'];
    if (status >= 300 && status < 400 && location !== undefined) {
      body.on('error', () => undefined).destroy();
      throw egressErrors.redirected(origin, status, originOfRedirect(location, url));
    }
    const encoding = headers['content-encoding'];
    const bytes = await readBody(body, { origin, encoding, limits: this.#limits });
    if (encoding !== undefined) {
      delete headers['content-encoding'];
      delete headers['content-length'];
    }
    return { status, headers, body: bytes, json: () => parseJson(bytes, origin) };
  }

  #checkMethodAndBody({ method, body }: EgressRequest): void {
    if (!METHODS.has(method)) throw egressErrors.requestInvalid('its method is not one that is sent');
    if (body === undefined) return;
    if (method === 'GET' || method === 'HEAD') throw egressErrors.requestInvalid(`${method} takes no body`);
    if (Buffer.byteLength(body) > this.#limits.requestBytes)
      throw egressErrors.requestInvalid(`its body is larger than ${this.#limits.requestBytes} bytes`);
  }

  #timesOf({ timeoutMs }: EgressRequest): { totalMs: number; idleMs: number } {
    const { totalMs, mostTotalMs, idleMs } = this.#limits;
    const asked = timeoutMs ?? totalMs;
    if (!(asked > 0)) throw egressErrors.requestInvalid('its time is not a number of milliseconds above 0');
    return { totalMs: Math.min(asked, mostTotalMs), idleMs };
  }
}

function flatten(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return Object.fromEntries(entries);
}

function originOfRedirect(location: string, url: URL): string {
  return URL.canParse(location, url.href) ? originOf(new URL(location, url.href)) : 'a place that is no URL';
}

function parseJson(bytes: Uint8Array, origin: string): Json {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json;
  } catch {
    throw egressErrors.answerInvalid(origin, 'it is not JSON in UTF-8');
  }
}
