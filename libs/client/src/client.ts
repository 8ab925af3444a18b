import createFetchClient from 'openapi-fetch';
import type { components, paths } from './generated/openapi.ts';
import { liveEvents } from './live-events.ts';
import { problemOf, unreachable } from './problem.ts';

type Schemas = components['schemas'];
export type RunView = Schemas['RunView'];
export type RunSummary = Schemas['RunSummary'];
export type ArtifactRef = Schemas['ArtifactRef'];
export type TemplateDetail = Answer<paths['/api/v1/templates/{name}']['get']>;

/** JSON body of the first successful answer of an operation. */
type Answer<Operation> = Operation extends {
  responses: { 200: { content: { 'application/json': infer Body } } };
}
  ? Body
  : never;
/** JSON body that an operation takes. */
type Body<Operation> = Operation extends { requestBody: { content: { 'application/json': infer Given } } }
  ? Given
  : undefined;

export type CreateRun = Body<paths['/api/v1/runs']['post']>;
/** Verbs of a run, by their path segment. */
export type VerbName =
  | 'start'
  | 'approve'
  | 'request-changes'
  | 'submit-input'
  | 'next-stage'
  | 'pause'
  | 'resume'
  | 'cancel'
  | 'retry'
  | 'rerun'
  | 'upgrade';

export interface ClientOptions {
  /** Without a trailing slash: `http://127.0.0.1:3000`. */
  baseUrl: string;
  token: string;
  fetch?: typeof fetch;
}

/** A live event: what happened, and the run's state after it. `fact` is one of the facts in docs/reference/run-life.md. */
export interface RunEvent {
  id: string;
  run: string;
  version: number;
  at: string;
  fact: { type: string } & Record<string, unknown>;
  state: RunView['state'];
  progress: number;
}

export interface RunFilter {
  state?: RunView['state'];
  template?: string;
  skip?: number;
  limit?: number;
}

/** Talks to one server as one user. Every method throws `ApiError`. */
export interface StagewrightClient {
  getTemplate(name: string): Promise<TemplateDetail>;
  listRuns(filter?: RunFilter): Promise<{ items: RunSummary[]; total: number }>;
  getRun(id: string): Promise<RunView>;
  /** `idempotencyKey`: the same key and body give the same run, however often it is sent. */
  createRun(request: CreateRun, idempotencyKey?: string): Promise<RunView>;
  /** Asks a verb of a run; `body` as docs/reference/openapi.json says. */
  sendVerb(id: string, verb: VerbName, body?: object): Promise<RunView>;
  /** Everything that happened to a run from its start, then live, until it ended. Survives broken connections. */
  followRun(id: string, signal: AbortSignal): AsyncIterable<RunEvent>;
  uploadArtifact(file: { name: string; mediaType: string; content: Uint8Array }): Promise<ArtifactRef>;
  downloadArtifact(id: string): Promise<Uint8Array>;
}

const LAST_FACTS = new Set(['run.completed', 'run.failed', 'run.cancelled']);

export function createClient(options: ClientOptions): StagewrightClient {
  const send = options.fetch ?? fetch;
  const headers = { authorization: `Bearer ${options.token}` };
  const api = createFetchClient<paths>({
    baseUrl: options.baseUrl,
    headers,
    fetch: (request: Request) => reach(request),
  });

  async function reach(request: Request): Promise<Response> {
    try {
      return await send(request);
    } catch (error) {
      throw unreachable(options.baseUrl, error);
    }
  }

  async function raw(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await reach(
      new Request(`${options.baseUrl}${path}`, { ...init, headers: { ...headers, ...init.headers } }),
    );
    if (!response.ok) throw problemOf(response.status, await response.json().catch(() => undefined));
    return response;
  }

  return {
    getTemplate: async (name) =>
      unwrap(await api.GET('/api/v1/templates/{name}', { params: { path: { name } } })),
    listRuns: async (filter = {}) => unwrap(await api.GET('/api/v1/runs', { params: { query: filter } })),
    getRun: async (id) => unwrap(await api.GET('/api/v1/runs/{id}', { params: { path: { id } } })),
    createRun: async (body, key) =>
      unwrap(
        await api.POST('/api/v1/runs', {
          body,
          headers: key === undefined ? {} : { 'idempotency-key': key },
        }),
      ),
    sendVerb: async (id, verb, body = {}) => {
      const path = `/api/v1/runs/${encodeURIComponent(id)}/${verb}`;
      const response = await raw(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return (await response.json()) as RunView;
    },
    followRun: (id, signal) =>
      followRun({
        url: `${options.baseUrl}/api/v1/runs/${encodeURIComponent(id)}/events`,
        headers,
        fetch: send,
        signal,
      }),
    uploadArtifact: async ({ name, mediaType, content }) => {
      const form = new FormData();
      form.append('file', new Blob([content as Uint8Array<ArrayBuffer>], { type: mediaType }), name);
      return (await (await raw('/api/v1/artifacts', { method: 'POST', body: form })).json()) as ArtifactRef;
    },
    downloadArtifact: async (id) =>
      new Uint8Array(await (await raw(`/api/v1/artifacts/${encodeURIComponent(id)}/content`)).arrayBuffer()),
  };
}

async function* followRun(options: {
  url: string;
  headers: Record<string, string>;
  fetch: typeof fetch;
  signal: AbortSignal;
}): AsyncGenerator<RunEvent> {
  const messages = liveEvents({ ...options, isLast: ({ event }) => LAST_FACTS.has(event) });
  for await (const { id, data } of messages) yield { id, ...(data as Omit<RunEvent, 'id'>) };
}

function unwrap<Data>(result: { data?: Data; error?: unknown; response: Response }): Data {
  if (result.data === undefined) throw problemOf(result.response.status, result.error);
  return result.data;
}
