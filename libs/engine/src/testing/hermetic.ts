import { createActionRegistry } from '../execution/action-registry.ts';
import { createEngine } from '../execution/engine.ts';
import { InProcessStageQueue } from '../execution/in-process-stage-queue.ts';
import { SoleWorker } from '../execution/sole-worker.ts';
import { FolderPlans } from './folder-plans.ts';
import { MemoryArtifactStore } from './memory-artifact-store.ts';
import { MemoryRunStore } from './memory-run-store.ts';
import type { ActionRegistryOptions } from '../execution/action-registry.ts';
import type { CreateRequest, Engine } from '../execution/engine.ts';
import type { EngineOptions, EnginePorts } from '../execution/ports.ts';
import type { EngineEntry } from '../execution/keeper-host.ts';
import type { Plugin } from '../plugin/define-plugin.ts';
import type { ActionRegistry } from '../execution/ports.ts';
import type { NewArtifact } from '../ports/action-context.ts';
import type { RunVerb } from '../run/event.ts';
import type { RunView } from '../run/view.ts';
import type { RegistryFiles } from '../template/registry-files.ts';
import type { Actor, ArtifactId, ArtifactRef, JsonSchema, RunId, RunState } from '../vocabulary.ts';

export interface HermeticOptions
  extends
    Pick<EnginePorts, 'ai' | 'isolation' | 'clock' | 'ids' | 'log' | 'egress' | 'commands'>,
    Partial<ActionRegistryOptions> {
  /** The registry, such as the files of a working folder. */
  files: RegistryFiles;
  /** Real plugins, with their handlers; or a registry of actions that stands for them. */
  plugins?: Plugin[];
  actions?: ActionRegistry;
  artifacts?: MemoryArtifactStore;
  /** Who asks. */
  actor: Actor;
  options?: EngineOptions;
}

/** A whole house in memory: real template, real plugins, given models; nothing outlives the process. */
export interface Hermetic {
  engine: Engine;
  store: MemoryRunStore;
  artifacts: MemoryArtifactStore;
  /** Contract of a template's inputs. Throws `TEMPLATE_NOT_FOUND` or `TEMPLATE_INVALID`. */
  inputsOf(template: string): Promise<JsonSchema>;
  upload(file: NewArtifact): Promise<ArtifactRef>;
  download(id: ArtifactId): Promise<{ ref: ArtifactRef; content: Uint8Array }>;
  create(request: CreateRequest): Promise<RunView>;
  send(id: RunId, verb: RunVerb): Promise<RunView>;
  get(id: RunId): Promise<RunView>;
  /** Every entry of a run from its first, then live; ends when the run has ended for good, or when `signal` aborts. */
  follow(id: RunId, signal: AbortSignal): AsyncGenerator<EngineEntry>;
  /** Ends the engine. The isolation is the caller's to close. */
  close(): Promise<void>;
}

/** The one workspace of a hermetic run. */
const WORKSPACE = 'local';
const ENDED: ReadonlySet<RunState> = new Set(['done', 'failed', 'cancelled']);

/** Runs a template of a folder without a server: what `stagewright run` and template tests stand on. */
export function runHermetic(given: HermeticOptions): Hermetic {
  const { files, ai, isolation, clock, ids, log, egress, commands, actor } = given;
  const actions =
    given.actions ?? createActionRegistry(given.plugins ?? [], { readAsset: given.readAsset ?? noAssets });
  const store = new MemoryRunStore();
  const artifacts = given.artifacts ?? new MemoryArtifactStore();
  const plans = new FolderPlans(files, actions);
  const queue = new InProcessStageQueue();
  const engine = createEngine(
    {
      store,
      queue,
      plans,
      ai,
      artifacts,
      isolation,
      actions,
      clock,
      ids,
      workers: new SoleWorker(ids.next()),
      ...(log && { log }),
      ...(egress && { egress }),
      ...(commands && { commands }),
    },
    given.options,
  );
  return {
    engine,
    store,
    artifacts,
    inputsOf: async (template) => (await plans.resolve(template)).plan.inputs,
    upload: (file) => artifacts.put(file, { workspace: WORKSPACE, run: null, metadata: {} }),
    download: (id) => artifacts.get(WORKSPACE, id),
    create: (request) => engine.create(WORKSPACE, request, actor),
    send: (id, verb) => engine.send(WORKSPACE, id, verb),
    get: (id) => engine.get(WORKSPACE, id),
    follow: (id, signal) => follow({ engine, store }, id, signal),
    close: () => engine.close(0),
  };
}

/** The journal is read after the listener is on, so nothing falls between; what came both ways is told once. */
async function* follow(
  { engine, store }: { engine: Engine; store: MemoryRunStore },
  id: RunId,
  signal: AbortSignal,
): AsyncGenerator<EngineEntry> {
  const live: EngineEntry[] = [];
  let wake: () => void = () => undefined;
  const stop = engine.onEntry((entry) => {
    if (entry.run !== id) return;
    live.push(entry);
    wake();
  });
  const aborted = () => wake();
  signal.addEventListener('abort', aborted);
  try {
    let told = 0;
    const header = store.header(id);
    for (const entry of (await store.load(id))?.entries ?? []) {
      if (header === undefined || signal.aborted) return;
      yield { workspace: WORKSPACE, run: id, entry, state: header.state, progress: header.progress };
      told = entry.version;
    }
    while (!signal.aborted && !isOver(store, id, told)) {
      const next = live.shift();
      if (next === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
      } else if (next.entry.version > told) {
        told = next.entry.version;
        yield next;
      }
    }
  } finally {
    stop();
    signal.removeEventListener('abort', aborted);
  }
}

/** Ended, with its end actions, and told to the last entry. */
function isOver(store: MemoryRunStore, id: RunId, told: number): boolean {
  const header = store.header(id);
  if (header === undefined) return true;
  const isTimed = store.waits(id).some(({ kind }) => kind === 'timer');
  return ENDED.has(header.state) && !header.open && !isTimed && told >= store.version(id);
}

function noAssets(url: URL): Promise<never> {
  return Promise.reject(new Error(`No plugin files can be read here: ${url.href}`));
}
