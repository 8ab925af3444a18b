import { StagewrightError } from '@stagewright/engine';

/** Redis did not take work, or not in time. */
export function queueUnavailable(cause: unknown): StagewrightError {
  return new StagewrightError('QUEUE_UNAVAILABLE', 'The queue does not answer; nothing is lost with it.', {
    hint: 'See whether Redis runs at REDIS_URL. Until then work is found in the database.',
    retryable: true,
    cause,
  });
}
