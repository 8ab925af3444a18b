import type { Evidence } from './evidence.ts';

/** Timers are read every second or so, and recovery looks every few seconds. */
const TIMER_PATIENCE_SECONDS = 15;

/** O9: nothing is held by who is gone: no lease that lapsed long ago, no timer that nobody heard, no work left in a run that ended. */
export function noDeadLease({ leases, leaseSeconds, runs }: Evidence): string[] {
  return [
    ...leases
      .filter(({ lapsedFor }) => lapsedFor > leaseSeconds)
      .map(({ run, holder, lapsedFor }) => `run ${run}: the lease of ${holder} lapsed ${lapsedFor} s ago`),
    ...runs.flatMap(({ id, timers }) =>
      timers
        .filter((seconds) => seconds > TIMER_PATIENCE_SECONDS)
        .map((seconds) => `run ${id}: a timer is ${seconds} s late`),
    ),
    ...runs
      .filter(({ open }) => open)
      .map(({ id, state }) => `run ${id} is ${state} and still has work under way`),
  ];
}
