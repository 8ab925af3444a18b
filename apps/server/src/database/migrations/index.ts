import { CreateArtifacts } from './create-artifacts.migration.ts';
import { CreateRegistry } from './create-registry.migration.ts';
import { CreateRuns } from './create-runs.migration.ts';
import { FindRowsOfLists } from './find-rows-of-lists.migration.ts';
import { KnowWorkers } from './know-workers.migration.ts';
import { LeaveRoomForUpdates } from './leave-room-for-updates.migration.ts';
import { RecordRewrittenHistory } from './record-rewritten-history.migration.ts';
import { TakeTurnsAtTheRegistry } from './take-turns-at-the-registry.migration.ts';
import { WriteEachStepOnce } from './write-each-step-once.migration.ts';

/**
 * Every migration in the order in which it was made. Append only: a name that was released is never changed, moved or
 * removed. An explicit list, so that it is the same from source, from `dist` and in tests.
 */
export const migrations = [
  { name: '2026-11-21-create-runs', class: CreateRuns },
  { name: '2026-11-21-create-artifacts', class: CreateArtifacts },
  { name: '2026-11-21-create-registry', class: CreateRegistry },
  { name: '2026-11-21-record-rewritten-history', class: RecordRewrittenHistory },
  { name: '2026-11-21-leave-room-for-updates', class: LeaveRoomForUpdates },
  { name: '2026-11-26-know-workers', class: KnowWorkers },
  { name: '2026-11-26-write-each-step-once', class: WriteEachStepOnce },
  { name: '2026-11-26-find-rows-of-lists', class: FindRowsOfLists },
  { name: '2026-11-26-take-turns-at-the-registry', class: TakeTurnsAtTheRegistry },
];
