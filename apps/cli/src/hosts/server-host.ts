import type {
  ArtifactRef,
  AttemptRecord,
  JournalEntry,
  JsonSchema,
  RunFact,
  RunView,
} from '@stagewright/engine';
import type { RunEvent, RunView as WireRun, StagewrightClient } from '@stagewright/client';
import type { RunOnRecord } from '@stagewright/engine/testing';
import { runMovedOn } from '../cli.errors.ts';
import type { LiveEvent, RunHost } from './run-host.ts';

/** Runs on a server. The server's answers are the engine's own types: its response schemas are annotated with them. */
export function createServerHost(client: StagewrightClient): RunHost {
  return {
    templates: async () => (await client.listTemplates()).items,
    inputsOf: async (template, revision) =>
      (await client.getTemplate(template, revision)).inputs as JsonSchema,
    upload: async (file): Promise<ArtifactRef> => client.uploadArtifact(file),
    create: async (request) => asRun(await client.createRun(request)),
    get: async (id) => asRun(await client.getRun(id)),
    send: async (id, { type, ...body }) => asRun(await client.sendVerb(id, type, body)),
    follow: (id, signal) => follow(client, id, signal),
    record: (id) => record(client, id),
    download: (id) => client.downloadArtifact(id),
    close: () => Promise.resolve(),
  };
}

async function* follow(
  client: StagewrightClient,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<LiveEvent> {
  for await (const { at, fact, state, progress } of client.followRun(id, signal))
    yield { at, fact: asFact(fact), state, progress };
}

function asRun(run: WireRun): RunView {
  return run as unknown as RunView;
}

function asFact(fact: RunEvent['fact']): RunFact {
  return fact as unknown as RunFact;
}

/** How often a run is looked at that changes meanwhile. */
const LOOKS = 3;

/** All of it from one moment: a run that goes on meanwhile is looked at again. Throws `STATE_CONFLICT` when it never rests. */
async function record(client: StagewrightClient, id: string): Promise<RunOnRecord> {
  for (let look = 0; look < LOOKS; look += 1) {
    const entries = entriesOf(await client.listEvents(id));
    const attempts = (await client.listAttempts(id)) as AttemptRecord[];
    const run = asRun(await client.getRun(id));
    if (run.version === entries.at(-1)?.version) return { run, entries, attempts };
  }
  throw runMovedOn(id);
}

function entriesOf(events: RunEvent[]): JournalEntry[] {
  const entries = new Map<number, JournalEntry>();
  for (const { version, at, fact } of events) {
    const entry = entries.get(version) ?? { version, at, facts: [] };
    entry.facts.push(asFact(fact));
    entries.set(version, entry);
  }
  return [...entries.values()];
}
