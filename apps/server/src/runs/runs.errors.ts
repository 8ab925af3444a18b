import { StagewrightError } from '@stagewright/engine';

export function runNotFound(id: string): StagewrightError {
  return new StagewrightError(
    'RUN_NOT_FOUND',
    `There is no run ${JSON.stringify(id.slice(0, 80))} in this workspace.`,
    {
      hint: 'List the runs of the workspace to find its id.',
    },
  );
}

/** The key stands for another request. */
export function idempotencyKeyReused(key: string): StagewrightError {
  return new StagewrightError(
    'IDEMPOTENCY_KEY_REUSED',
    `The Idempotency-Key ${JSON.stringify(key)} was used with another request.`,
    {
      hint: 'Repeat the same request, or give this one a new key.',
    },
  );
}

export function idempotencyKeyInvalid(): StagewrightError {
  return new StagewrightError(
    'HEADER_INVALID',
    'The Idempotency-Key is not 1 to 255 visible ASCII characters.',
    {
      hint: 'A UUID does well.',
    },
  );
}
