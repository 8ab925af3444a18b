import type { Instant } from '../vocabulary.ts';
import type { TaskWork } from './run.ts';

export function noWork(): TaskWork {
  return { toolCalls: 0, ms: 0, since: null, interruptions: 0 };
}

/** A try begins. */
export function workBegun(work: TaskWork, at: Instant): TaskWork {
  return { ...work, since: at };
}

/** The try said something: the time up to now was worked. */
export function workSeen(work: TaskWork, at: Instant): TaskWork {
  const worked = work.since === null ? 0 : Math.max(0, Date.parse(at) - Date.parse(work.since));
  return { ...work, ms: work.ms + worked, since: at };
}

/** The try ended by itself: whoever was cut off before it was not cut off by this task. */
export function workEnded(work: TaskWork, at: Instant): TaskWork {
  return { ...workSeen(work, at), since: null, interruptions: 0 };
}

/** Another process goes on with the try. How long it lay there is nobody's work. */
export function workCutOff(work: TaskWork, at: Instant): TaskWork {
  return { ...work, since: at, interruptions: work.interruptions + 1 };
}
