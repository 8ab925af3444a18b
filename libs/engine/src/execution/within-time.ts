import { taskAborted } from './execution.errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { StagewrightError } from '../errors/stagewright-error.ts';

export interface TimeLimit {
  /** What is limited, for the message: a task's id. */
  name: string;
  ms: number;
  /** Makes what is thrown when the time is up: an error is not made, with its trace, for each task that keeps its time. */
  error: () => StagewrightError;
}

/**
 * Ends with the work, with its time or with the abort, whichever comes first: also when the work ignores its signal.
 * Throws the limit's error or `TASK_ABORTED`, or what the work throws.
 */
export async function withinTime<T>(
  clock: Clock,
  limit: TimeLimit,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const inner = new AbortController();
  return await new Promise<T>((resolve, reject) => {
    const end = (error: StagewrightError) => {
      inner.abort(error);
      reject(error);
    };
    const withdraw = clock.after(limit.ms, () => end(limit.error()));
    const abort = () => end(taskAborted(limit.name));
    if (outer.aborted) abort();
    else outer.addEventListener('abort', abort, { once: true });
    void work(inner.signal)
      .then(resolve, (error: unknown) => reject(error instanceof Error ? error : new Error(String(error))))
      .finally(() => {
        withdraw();
        outer.removeEventListener('abort', abort);
      });
  });
}
