import type { PlanCache } from './plan-cache.ts';
import type { EngineLog } from './ports.ts';
import type { RunKeeper } from './run-keeper.ts';
import type { WorkDesk } from './work-desk.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { JournalEntry } from '../run/fact.ts';
import type { Workers } from '../ports/workers.ts';
import type { Instant, RunId, RunState } from '../vocabulary.ts';

/** A committed entry, as listeners get it. */
export interface EngineEntry {
  workspace: string;
  run: RunId;
  entry: JournalEntry;
  state: RunState;
  /** 0..100 */
  progress: number;
}

/** What a keeper works with. */
export interface KeeperHost {
  store: RunStore;
  clock: Clock;
  log: EngineLog;
  plans: PlanCache;
  desk: WorkDesk;
  workers: Workers;
  committed(entry: EngineEntry): void;
  timerSet(at: Instant): void;
  /** The mailbox is empty. */
  idle(keeper: RunKeeper): void;
}
