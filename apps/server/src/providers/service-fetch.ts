import { Agent, fetch as undiciFetch } from 'undici';
import type { RequestInit as UndiciRequestInit } from 'undici';

/** The `fetch` that an SDK is handed. */
export type ServiceFetch = typeof globalThis.fetch;

/**
 * A `fetch` with an agent of its own: proxies named in the environment do not see the keys, and a redirect is answered
 * with an error instead of sending the key to another host.
 */
export function createServiceFetch(): ServiceFetch {
  const dispatcher = new Agent();
  const send = (url: string, init: UndiciRequestInit = {}): Promise<unknown> =>
    undiciFetch(url, { ...init, dispatcher, redirect: 'manual' });
  return send as unknown as ServiceFetch;
}
