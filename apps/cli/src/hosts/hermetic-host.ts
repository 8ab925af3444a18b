import { createIsolation } from '@stagewright/engine/isolation';
import { checkRegistry } from '@stagewright/engine/template';
import { runHermetic } from '@stagewright/engine/testing';
import type { RegistryFiles } from '@stagewright/engine/template';
import type { Hermetic, RunOnRecord } from '@stagewright/engine/testing';
import type { Actor } from '@stagewright/engine';
import { SystemClock, UuidV7Ids, openAiRouter, openHermeticCommands } from '@stagewright/server/hermetic';
import { PLUGIN_CATALOG, PLUGINS, readAsset } from '../plugins.ts';
import { openRegistryFolder } from '../registry/folder-files.ts';
import { usualRegistry } from '../registry/usual-registry.ts';
import type { Terminal } from '../terminal.ts';
import type { LiveEvent, RunHost, TemplateSummary } from './run-host.ts';

/** Whoever sits at the terminal holds every role: there is nobody else. */
const ACTOR: Actor = { kind: 'user', id: 'local', roles: ['admin', 'approver'] };

/** Runs in this process: the same engine, the templates of a folder, nothing kept. Models and commands as the settings say. */
export async function createHermeticHost(terminal: Terminal, registry?: string): Promise<RunHost> {
  const { files } = openRegistryFolder(usualRegistry(terminal.cwd, registry));
  const commands = await openHermeticCommands({ cwd: terminal.cwd });
  const isolation = createIsolation();
  const clock = new SystemClock();
  const hermetic = runHermetic({
    files,
    plugins: PLUGINS,
    readAsset,
    ai: openAiRouter({ cwd: terminal.cwd }),
    commands,
    isolation,
    clock,
    ids: new UuidV7Ids(clock),
    actor: ACTOR,
  });
  return {
    templates: () => Promise.resolve(templatesOf(files)),
    inputsOf: (template) => hermetic.inputsOf(template),
    upload: ({ name, mediaType, content }) => hermetic.upload({ name, type: 'file', mediaType, content }),
    create: (request) => hermetic.create(request),
    get: (id) => hermetic.get(id),
    send: (id, verb) => hermetic.send(id, { ...verb, actor: ACTOR }),
    follow: (id, signal) => follow(hermetic, id, signal),
    record: (id) => record(hermetic, id),
    download: async (id) => (await hermetic.download(id)).content,
    close: async () => {
      await hermetic.close();
      await isolation.close();
      commands.close();
    },
  };
}

function templatesOf(files: RegistryFiles): TemplateSummary[] {
  return checkRegistry(files, PLUGIN_CATALOG).templates.map(({ name, plan }) => ({
    name,
    title: plan?.title ?? name,
    description: plan?.description ?? 'Has errors: see stagewright check.',
  }));
}

async function* follow(hermetic: Hermetic, id: string, signal: AbortSignal): AsyncGenerator<LiveEvent> {
  for await (const { entry, state, progress } of hermetic.follow(id, signal)) {
    for (const fact of entry.facts) yield { at: entry.at, fact, state, progress };
  }
}

async function record(hermetic: Hermetic, id: string): Promise<RunOnRecord> {
  const { store } = hermetic;
  const entries = (await store.load(id))?.entries ?? [];
  return { run: await hermetic.get(id), entries, attempts: store.attempts(id) };
}
