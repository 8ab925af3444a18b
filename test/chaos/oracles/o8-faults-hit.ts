import type { Evidence, FaultRecord } from './evidence.ts';

/** How many faults of a kind have to hit work: kind -> count. */
export type Quota = Partial<Record<string, number>>;

/**
 * O8: the storm was one. Of every kind that was ordered, so many faults did what they should while runs had work under
 * way; a storm that hit nothing proves nothing.
 */
export function faultsHit(quota: Quota): (evidence: Evidence) => string[] {
  return ({ faults }) =>
    Object.entries(quota).flatMap(([kind, wanted = 0]) => {
      const hits = hitsOf(faults, kind);
      return hits < wanted ? [`${kind} hit work ${hits} times, ${wanted} were wanted`] : [];
    });
}

/** Faults of a kind that hit work. */
export function hitsOf(faults: FaultRecord[], kind: string): number {
  return faults.filter((fault) => fault.kind === kind && fault.hit && fault.openRuns > 0).length;
}
