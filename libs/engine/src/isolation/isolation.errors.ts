import { StagewrightError } from '../errors/stagewright-error.ts';
import type { JsonObject } from '../vocabulary.ts';
import type { IsolatedJob } from './isolated-job.ts';

/** What a job says when a cap stopped it from outside. */
export const budgetExceeded = (job: IsolatedJob, cap: string): StagewrightError =>
  job.kind === 'render'
    ? new StagewrightError('PROMPT_RENDER_BUDGET', `Rendering ${job.prompt.path} was stopped: ${cap}.`, {
        hint: 'Loops inside loops multiply; shorten the lists or take a loop out.',
        details: { file: job.prompt.path },
      })
    : new StagewrightError('OUTPUT_VALIDATION_BUDGET', `Validating the output was stopped: ${cap}.`, {
        hint: 'Bound the lists of the contract with maxItems, or leave out uniqueItems and patterns.',
      });

export const isolationBusy = (queued: number): StagewrightError =>
  new StagewrightError('ISOLATION_BUSY', `${queued} renderings and validations wait already.`, {
    retryable: true,
    retryAfterMs: 1000,
    hint: 'Lower the concurrency of stages, or give the isolation more threads.',
  });

export const isolationClosed = (): StagewrightError =>
  new StagewrightError('ISOLATION_CLOSED', 'The isolation was closed before the job ended.', {
    retryable: true,
  });

export const threadFailed = (cause: unknown): StagewrightError =>
  new StagewrightError(
    'ISOLATION_FAILED',
    `The isolation thread ended: ${cause instanceof Error ? cause.message : String(cause)}.`,
    {
      retryable: true,
      cause,
    },
  );

/** An error on its way between threads: plain data. */
export interface SentError {
  code: string | null;
  message: string;
  hint: string | undefined;
  retryable: boolean;
  details: JsonObject | undefined;
}

export function packError(error: unknown): SentError {
  if (error instanceof StagewrightError) {
    const { code, message, hint, retryable, details } = error;
    return { code, message, hint, retryable, details };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: null, message, hint: undefined, retryable: false, details: undefined };
}

export function unpackError(sent: SentError): StagewrightError {
  if (sent.code === null) return threadFailed(sent.message);
  return new StagewrightError(sent.code, sent.message, {
    ...(sent.hint === undefined ? {} : { hint: sent.hint }),
    ...(sent.details === undefined ? {} : { details: sent.details }),
    retryable: sent.retryable,
  });
}
