import type { SeededRandom } from '../storm/random.ts';

/** An answer of a server, or null when there was none: nobody knows then what became of the request. */
export type MaybeAnswer = { status: number; body: Record<string, unknown> } | null;

export interface Ask {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** Hangs up after so many milliseconds, whether an answer came or not. */
  patienceMs?: number;
}

const PATIENCE_MS = 10_000;

/** HTTP clients who know every server and take any of them. */
export class Clients {
  readonly urls: string[];
  readonly #token: string;
  readonly #random: SeededRandom;

  constructor(urls: string[], token: string, random: SeededRandom) {
    this.urls = urls;
    this.#token = token;
    this.#random = random;
  }

  /** Of a server, by default any. */
  async ask(
    { method, path, body, headers = {}, patienceMs = PATIENCE_MS }: Ask,
    url?: string,
  ): Promise<MaybeAnswer> {
    try {
      const response = await fetch(`${url ?? this.#random.pick(this.urls)}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(patienceMs),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    } catch {
      return null;
    }
  }
}

export function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
