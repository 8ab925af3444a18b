import { Artifact } from './artifact.entity.ts';
import { IdempotencyKey } from './idempotency-key.entity.ts';
import { JournalEntry } from './journal-entry.entity.ts';
import { RegistryState } from './registry-state.entity.ts';
import { Revision } from './revision.entity.ts';
import { Run } from './run.entity.ts';
import { RunWait } from './run-wait.entity.ts';
import { Worker } from './worker.entity.ts';
import { Workspace } from './workspace.entity.ts';

/** Every table, once. The drift test holds the migrations against this list. */
export const entities = [
  Artifact,
  IdempotencyKey,
  JournalEntry,
  RegistryState,
  Revision,
  Run,
  RunWait,
  Worker,
  Workspace,
];
export { Artifact, IdempotencyKey, JournalEntry, RegistryState, Revision, Run, RunWait, Worker, Workspace };
export type { HistoryRewrite } from './registry-state.entity.ts';
export { DEFAULT_WORKSPACE } from './workspace.entity.ts';
