import { ApiError } from '@stagewright/client';

/** The server has no such thing. */
export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'TEMPLATE_NOT_FOUND';
}
