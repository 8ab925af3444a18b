import { StagewrightError } from '../errors/stagewright-error.ts';
import type { StageId } from '../vocabulary.ts';

export function answerMissing(stage: StageId, what: string): StagewrightError {
  return new StagewrightError('TEST_ANSWER_MISSING', `Stage "${stage}": ${what}.`, {
    hint: `Add it under answers.${stage} of the test.`,
  });
}
