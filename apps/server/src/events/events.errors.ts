import { StagewrightError } from '@stagewright/engine';

export function lastEventIdInvalid(given: string): StagewrightError {
  return new StagewrightError(
    'HEADER_INVALID',
    `Last-Event-ID ${JSON.stringify(given.slice(0, 40))} is not an id of this stream.`,
    {
      hint: 'Send the id of the last event you have, such as "12.0", or leave the header out.',
    },
  );
}
