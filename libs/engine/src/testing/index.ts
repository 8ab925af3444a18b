export { CountedIds } from './counted-ids.ts';
export { ManualClock } from './manual-clock.ts';
export { MemoryArtifactStore } from './memory-artifact-store.ts';
export { MemoryRunStore } from './memory-run-store.ts';
export { InProcessStageQueue as MemoryStageQueue } from '../execution/in-process-stage-queue.ts';
