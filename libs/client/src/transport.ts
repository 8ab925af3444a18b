import createFetchClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import type { paths } from './generated/openapi.ts';
import { problemOf, unreachable } from './problem.ts';

export interface ClientOptions {
  /** Without a trailing slash: `http://127.0.0.1:3000`. */
  baseUrl: string;
  token: string;
  fetch?: typeof fetch;
}

/** The way to one server, as one user. Whatever goes wrong on it is an `ApiError`. */
export interface Transport {
  baseUrl: string;
  headers: Record<string, string>;
  fetch: typeof fetch;
  /** Typed calls of the routes that take and give JSON. */
  api: Client<paths>;
  /** Any other call. Throws the server's problem when the answer is not a success. */
  raw: (path: string, init?: RequestInit) => Promise<Response>;
}

export function createTransport({ baseUrl, token, fetch: send = fetch }: ClientOptions): Transport {
  const headers = { authorization: `Bearer ${token}` };
  const reach = async (request: Request): Promise<Response> => {
    try {
      return await send(request);
    } catch (error) {
      throw unreachable(baseUrl, error);
    }
  };
  return {
    baseUrl,
    headers,
    fetch: send,
    api: createFetchClient<paths>({ baseUrl, headers, fetch: reach }),
    raw: async (path, init = {}) => {
      const request = new Request(`${baseUrl}${path}`, { ...init, headers: { ...headers, ...init.headers } });
      const response = await reach(request);
      if (!response.ok) throw problemOf(response.status, await response.json().catch(() => undefined));
      return response;
    },
  };
}
