import type { RunState, RunView } from '@stagewright/engine';

import type { ServerProcess } from '../../support/server-process.ts';

/** An answer of the server as it came: nothing is thrown for a refusal. */
export interface Answer<Body = Record<string, unknown>> {
  status: number;
  mediaType: string;
  body: Body;
}

/** Plain HTTP against one server, without the client library: what goes over the wire is what is tested. */
export interface Api {
  get<Body = Record<string, unknown>>(path: string, headers?: Record<string, string>): Promise<Answer<Body>>;
  post<Body = Record<string, unknown>>(
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<Body>>;
  create(request: Record<string, unknown>, key?: string): Promise<RunView>;
  run(id: string): Promise<RunView>;
  verb(id: string, verb: string, body?: unknown): Promise<Answer>;
  /** Waits until the run is as wanted; says how it was when it never is. */
  until(id: string, wanted: RunState | ((run: RunView) => boolean), timeoutMs?: number): Promise<RunView>;
}

const LOOK_AGAIN_MS = 40;

export function apiOf(
  server: Pick<ServerProcess, 'url' | 'token'>,
  token: string | null = server.token,
): Api {
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };

  async function send<Body>(path: string, init: RequestInit): Promise<Answer<Body>> {
    const response = await fetch(`${server.url}/api/v1${path}`, init);
    const text = await response.text();
    const mediaType = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
    return { status: response.status, mediaType, body: (text === '' ? null : JSON.parse(text)) as Body };
  }

  const api: Api = {
    get: (path, headers = {}) => send(path, { headers: { ...authorization, ...headers } }),
    post: (path, body, headers = {}) =>
      send(path, {
        method: 'POST',
        headers: {
          ...authorization,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    create: async (request, key) => {
      const answer = await api.post<RunView>(
        '/runs',
        request,
        key === undefined ? {} : { 'idempotency-key': key },
      );
      if (answer.status !== 201)
        throw new Error(`POST /runs: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    run: async (id) => (await api.get<RunView>(`/runs/${id}`)).body,
    verb: (id, verb, body) => api.post(`/runs/${id}/${verb}`, body),
    until: (id, wanted, timeoutMs = 30_000) => until(api, id, wanted, timeoutMs),
  };
  return api;
}

async function until(
  api: Api,
  id: string,
  wanted: RunState | ((run: RunView) => boolean),
  timeoutMs: number,
): Promise<RunView> {
  const isThere = typeof wanted === 'string' ? (run: RunView) => run.state === wanted : wanted;
  const end = Date.now() + timeoutMs;
  for (;;) {
    const run = await api.run(id);
    if (isThere(run)) return run;
    if (Date.now() > end) {
      const stages = run.stages.map(
        ({ id: stage, state, error }) => `${stage} ${state} ${error?.message ?? ''}`,
      );
      throw new Error(`The run stayed ${run.state} (${stages.join(', ')}), wanted ${String(wanted)}.`);
    }
    await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS));
  }
}
