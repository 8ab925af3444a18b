import type { ArtifactRef, JsonSchema, RunFact, RunView } from '@stagewright/engine';
import type { RunEvent, RunView as WireRun, StagewrightClient } from '@stagewright/client';
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
