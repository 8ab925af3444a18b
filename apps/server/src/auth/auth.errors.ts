import { StagewrightError } from '@stagewright/engine';

/** The same words for a missing, malformed and wrong token: an answer must not help to guess. */
export function notAuthenticated(): StagewrightError {
  return new StagewrightError('AUTH_INVALID', 'This request needs a valid bearer token.', {
    hint: 'Send "Authorization: Bearer <token>"; the token is in the file "token" of the data directory.',
  });
}
