import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createIsolation } from '@stagewright/engine/isolation';
import { checkRegistry } from '@stagewright/engine/template';
import { runHermetic } from '@stagewright/engine/testing';
import type { RegistryFiles } from '@stagewright/engine/template';
import type { Hermetic } from '@stagewright/engine/testing';
import type { Actor } from '@stagewright/engine';
import { SystemClock, UuidV7Ids, openAiRouter, openHermeticCommands } from '@stagewright/server/hermetic';
import { PLUGIN_CATALOG, PLUGINS, readAsset } from '../plugins.ts';
import { openRegistryFolder } from '../registry/folder-files.ts';
import type { Terminal } from '../terminal.ts';
import type { LiveEvent, RunHost, TemplateSummary } from './run-host.ts';

/** Whoever sits at the terminal holds every role: there is nobody else. */
const ACTOR: Actor = { kind: 'user', id: 'local', roles: ['admin', 'approver'] };

/** Runs in this process: the same engine, the templates of a folder, nothing kept. Models and commands as the settings say. */
export async function createHermeticHost(terminal: Terminal, registry?: string): Promise<RunHost> {
  const { files } = openRegistryFolder(registryPath(terminal.cwd, registry));
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
    download: async (id) => (await hermetic.download(id)).content,
    close: async () => {
      await hermetic.close();
      await isolation.close();
      commands.close();
    },
  };
}

/** The folder that was named, else `registry` here, else where one stands. */
function registryPath(cwd: string, named?: string): string {
  if (named !== undefined) return resolve(cwd, named);
  const usual = resolve(cwd, 'registry');
  return existsSync(usual) ? usual : cwd;
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
