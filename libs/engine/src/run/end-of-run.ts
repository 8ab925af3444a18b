import type { Instant } from '../vocabulary.ts';
import { hasEnded } from './run-parts.ts';
import type { Run } from './run.ts';
import { restartProgress } from './tally.ts';

/** Brings a run, writable, to its end. */
export function end(run: Run, state: 'done' | 'failed' | 'cancelled', at: Instant): void {
  run.state = state;
  run.pausedFor = null;
  run.endedAt = at;
}

/** Some work of the run is to be made again. A run that had ended goes on: what belonged to its end is gone. */
export function reopen(run: Run): void {
  if (hasEnded(run)) {
    run.outputs = null;
    run.error = null;
    run.endedAt = null;
    run.endActions = run.endActions.map((action) => ({
      ...action,
      state: 'pending',
      review: null,
      tries: 0,
      error: null,
      retryAt: null,
    }));
    run.state = 'running';
  }
  restartProgress(run);
}
