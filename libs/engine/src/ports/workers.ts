import type { WorkerId } from '../vocabulary.ts';

/**
 * The processes that carry out work on one store, each known by a lease that it keeps renewing. A process whose lease
 * ran out may come back: what others took over meanwhile is theirs, by the fence of each task. Left out on purpose:
 * who does what (that is in the runs).
 */
export interface Workers {
  /** This process; null while it cannot be sure of its lease, and then it begins nothing. */
  readonly self: WorkerId | null;
  /** Those that have no lease now. The time is the store's, not this machine's. */
  gone(workers: WorkerId[]): Promise<ReadonlySet<WorkerId>>;
}
