import type { Instant, WorkerId } from '../vocabulary.ts';
import type { TaskWork } from './run.ts';

export function noWork(): TaskWork {
  return { toolCalls: 0, ms: 0, since: null, interruptions: 0, worker: null, fence: 0 };
}

/** A try begins. */
export function workBegun(work: TaskWork, at: Instant, worker: WorkerId | null): TaskWork {
  return { ...work, since: at, worker, fence: work.fence + 1 };
}

/** The try said something: the time up to now was worked. */
export function workSeen(work: TaskWork, at: Instant): TaskWork {
  const worked = work.since === null ? 0 : Math.max(0, Date.parse(at) - Date.parse(work.since));
  return { ...work, ms: work.ms + worked, since: at };
}

/** The try ended by itself: whoever was cut off before it was not cut off by this task. */
export function workEnded(work: TaskWork, at: Instant): TaskWork {
  return { ...workSeen(work, at), since: null, interruptions: 0, worker: null };
}

/** Another worker goes on with the try. How long it lay there is nobody's work. */
export function workCutOff(work: TaskWork, at: Instant, worker: WorkerId): TaskWork {
  return { ...workBegun(work, at, worker), interruptions: work.interruptions + 1 };
}

/** The worker gives the try back: the time up to now was worked, and nobody was cut off. */
export function workReleased(work: TaskWork, at: Instant): TaskWork {
  return { ...workSeen(work, at), since: null, worker: null, fence: work.fence + 1 };
}
