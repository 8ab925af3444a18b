import { createActionRegistry } from '../execution/action-registry.ts';
import { createEngine } from '../execution/engine.ts';
import { InProcessStageQueue } from '../execution/in-process-stage-queue.ts';
import { MortalWorker } from './mortal-worker.ts';
import { CountedIds } from './counted-ids.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryArtifactStore } from './memory-artifact-store.ts';
import { MemoryRunStore } from './memory-run-store.ts';
import type { Engine } from '../execution/engine.ts';
import type { EngineOptions, EnginePorts } from '../execution/ports.ts';

/** An engine whose every port is in memory. */
export interface TestDesk {
  engine: Engine;
  ports: EnginePorts;
  store: MemoryRunStore;
  artifacts: MemoryArtifactStore;
  clock: ManualClock;
}

/** Puts an engine on in-memory ports; what is given replaces them. Plans, models and isolation must be given. */
export function testDesk(
  given: Pick<EnginePorts, 'plans' | 'ai' | 'isolation'> & Partial<EnginePorts>,
  options?: EngineOptions,
): TestDesk {
  const store = new MemoryRunStore();
  const artifacts = new MemoryArtifactStore();
  const clock = new ManualClock();
  const ports: EnginePorts = {
    store,
    artifacts,
    clock,
    queue: new InProcessStageQueue(),
    ids: new CountedIds(),
    workers: new MortalWorker(),
    actions: createActionRegistry([], {
      readAsset: () => Promise.reject(new Error('There are no assets here.')),
    }),
    ...given,
  };
  return { engine: createEngine(ports, options), ports, store, artifacts, clock };
}
