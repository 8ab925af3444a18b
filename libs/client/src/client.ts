import type { components, paths } from './generated/openapi.ts';
import { finiteEvents, liveEvents } from './live-events.ts';
import { problemOf } from './problem.ts';
import { createTransport } from './transport.ts';
import type { ClientOptions, Transport } from './transport.ts';

type Schemas = components['schemas'];
export type RunView = Schemas['RunView'];
export type RunSummary = Schemas['RunSummary'];
export type ArtifactRef = Schemas['ArtifactRef'];
export type AttemptRecord = Schemas['AttemptRecord'];
export type ProvenanceStatement = Schemas['ProvenanceStatement'];
export type Envelope = Schemas['Envelope'];
export type PublicKey = Schemas['PublicKey'];
export type RunPreview = Schemas['RunPreview'];
export type TemplateSummary = Schemas['TemplateSummary'];
export type TemplateUsage = Schemas['TemplateUsage'];
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
  | 'resolve'
  | 'retry'
  | 'rerun'
  | 'upgrade';

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
  /** The `next` of the page before. */
  after?: string;
  skip?: number;
  limit?: number;
}

/** Talks to one server as one user. Every method throws `ApiError`. */
export interface StagewrightClient {
  /** Templates that runs can be made of, by name; the first 200. */
  listTemplates(): Promise<{ items: TemplateSummary[]; total: number }>;
  /** `revision`: a commit or digest instead of what is served now. */
  getTemplate(name: string, revision?: string): Promise<TemplateDetail>;
  /** How many runs use which revision of a template, by state. */
  templateUsage(name: string): Promise<TemplateUsage>;
  /** Newest first. `next`: `after` of the next page, null at the end. `total` counts up to 1,000. */
  listRuns(filter?: RunFilter): Promise<{ items: RunSummary[]; next: string | null; total: number }>;
  getRun(id: string): Promise<RunView>;
  /** Tries at the tasks of a run, oldest first; all pages of them. */
  listAttempts(id: string, filter?: { stage?: string; task?: string }): Promise<AttemptRecord[]>;
  /** `idempotencyKey`: the same key and body give the same run, however often it is sent. */
  createRun(request: CreateRun, idempotencyKey?: string): Promise<RunView>;
  /** Asks a verb of a run; `body` as docs/reference/openapi.json says. */
  sendVerb(id: string, verb: VerbName, body?: object): Promise<RunView>;
  /** What a verb that makes things again would do, and cost; `body` as the verb itself takes it. Nothing is decided. */
  previewVerb(id: string, verb: 'retry' | 'rerun' | 'upgrade', body?: object): Promise<RunPreview>;
  /** Everything that happened to a run from its start, then live, until it ended. Survives broken connections. */
  followRun(id: string, signal: AbortSignal): AsyncIterable<RunEvent>;
  /** Everything that has happened to a run so far, in order. */
  listEvents(id: string, signal?: AbortSignal): Promise<RunEvent[]>;
  uploadArtifact(file: { name: string; mediaType: string; content: Uint8Array }): Promise<ArtifactRef>;
  downloadArtifact(id: string): Promise<Uint8Array>;
  /** How a file of a run came to be. */
  getProvenance(id: string): Promise<ProvenanceStatement>;
  /** The same, signed by the server. */
  getSignedProvenance(id: string): Promise<Envelope>;
  /** The key that the server signs with. */
  getProvenanceKey(): Promise<PublicKey>;
}

const LAST_FACTS = new Set(['run.completed', 'run.failed', 'run.cancelled']);
/** The most that a page of attempts holds. */
const PAGE = 100;

export function createClient(options: ClientOptions): StagewrightClient {
  const transport = createTransport(options);
  return { ...templateCalls(transport), ...runCalls(transport), ...artifactCalls(transport) };
}

function templateCalls({
  api,
}: Transport): Pick<StagewrightClient, 'listTemplates' | 'getTemplate' | 'templateUsage'> {
  return {
    listTemplates: async () =>
      unwrap(await api.GET('/api/v1/templates', { params: { query: { limit: 200 } } })),
    getTemplate: async (name, revision) =>
      unwrap(await api.GET('/api/v1/templates/{name}', { params: { path: { name }, query: { revision } } })),
    templateUsage: async (name) =>
      unwrap(await api.GET('/api/v1/templates/{name}/usage', { params: { path: { name } } })),
  };
}

type RunCalls =
  | 'listRuns'
  | 'getRun'
  | 'listAttempts'
  | 'createRun'
  | 'sendVerb'
  | 'previewVerb'
  | 'followRun'
  | 'listEvents';

function runCalls(transport: Transport): Pick<StagewrightClient, RunCalls> {
  const { api, raw } = transport;
  return {
    listRuns: async (filter = {}) => unwrap(await api.GET('/api/v1/runs', { params: { query: filter } })),
    getRun: async (id) => unwrap(await api.GET('/api/v1/runs/{id}', { params: { path: { id } } })),
    listAttempts: (id, filter = {}) => allAttempts(transport, id, filter),
    createRun: async (body, key) => {
      const headers = key === undefined ? {} : { 'idempotency-key': key };
      return unwrap(await api.POST('/api/v1/runs', { body, headers }));
    },
    sendVerb: async (id, verb, body = {}) =>
      (await (await raw(`${runPath(id)}/${verb}`, postOf(body))).json()) as RunView,
    previewVerb: async (id, verb, body = {}) =>
      (await (await raw(`${runPath(id)}/${verb}/preview`, postOf(body))).json()) as RunPreview,
    followRun: (id, signal) => followRun(transport, id, signal),
    listEvents: (id, signal) => listEvents(transport, id, signal),
  };
}

type ArtifactCalls =
  'uploadArtifact' | 'downloadArtifact' | 'getProvenance' | 'getSignedProvenance' | 'getProvenanceKey';

function artifactCalls({ api, raw }: Transport): Pick<StagewrightClient, ArtifactCalls> {
  return {
    uploadArtifact: async ({ name, mediaType, content }) => {
      const form = new FormData();
      form.append('file', new Blob([content], { type: mediaType }), name);
      return (await (await raw('/api/v1/artifacts', { method: 'POST', body: form })).json()) as ArtifactRef;
    },
    downloadArtifact: async (id) => {
      const response = await raw(`/api/v1/artifacts/${encodeURIComponent(id)}/content`);
      return new Uint8Array(await response.arrayBuffer());
    },
    getProvenance: async (id) =>
      unwrap(await api.GET('/api/v1/artifacts/{id}/provenance', { params: { path: { id } } })),
    getSignedProvenance: async (id) =>
      unwrap(await api.GET('/api/v1/artifacts/{id}/provenance/signed', { params: { path: { id } } })),
    getProvenanceKey: async () => unwrap(await api.GET('/api/v1/provenance/key')),
  };
}

async function allAttempts(
  { api }: Transport,
  id: string,
  filter: { stage?: string; task?: string },
): Promise<AttemptRecord[]> {
  const found: AttemptRecord[] = [];
  for (;;) {
    const query = { ...filter, skip: found.length, limit: PAGE };
    const { items } = unwrap(
      await api.GET('/api/v1/runs/{id}/attempts', { params: { path: { id }, query } }),
    );
    found.push(...items);
    if (items.length < PAGE) return found;
  }
}

async function* followRun(transport: Transport, id: string, signal: AbortSignal): AsyncGenerator<RunEvent> {
  const messages = liveEvents({
    url: `${transport.baseUrl}${runPath(id)}/events`,
    headers: transport.headers,
    fetch: transport.fetch,
    signal,
    isLast: ({ event }) => LAST_FACTS.has(event),
  });
  for await (const { id: eventId, data } of messages)
    yield { id: eventId, ...(data as Omit<RunEvent, 'id'>) };
}

async function listEvents(transport: Transport, id: string, signal?: AbortSignal): Promise<RunEvent[]> {
  const { baseUrl, headers, fetch } = transport;
  const url = `${baseUrl}${runPath(id)}/events?follow=false`;
  const messages = finiteEvents({ url, headers, fetch, signal: signal ?? new AbortController().signal });
  const events: RunEvent[] = [];
  for await (const { id: eventId, data } of messages)
    events.push({ id: eventId, ...(data as Omit<RunEvent, 'id'>) });
  return events;
}

function postOf(body: object): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function runPath(id: string): string {
  return `/api/v1/runs/${encodeURIComponent(id)}`;
}

function unwrap<Data>(result: { data?: Data; error?: unknown; response: Response }): Data {
  if (result.data === undefined) throw problemOf(result.response.status, result.error);
  return result.data;
}
