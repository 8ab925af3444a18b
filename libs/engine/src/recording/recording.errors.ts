import { StagewrightError } from '../errors/stagewright-error.ts';

const HINT = 'Record another run, or write the case by hand.';

export function notRecordable(why: string, hint = HINT): StagewrightError {
  return new StagewrightError('TEST_NOT_RECORDABLE', `The run cannot be made a case: ${why}.`, { hint });
}
