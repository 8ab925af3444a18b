import { StagewrightError } from '@stagewright/engine';

/** Why Redis does not take work, as a stable code. */
export type QueueFault = 'QUEUE_UNAVAILABLE' | 'QUEUE_FULL' | 'QUEUE_READ_ONLY' | 'QUEUE_FORBIDDEN';

const SITUATIONS: Record<QueueFault, { message: string; hint: string }> = {
  QUEUE_UNAVAILABLE: {
    message: 'The queue does not answer; nothing is lost with it.',
    hint: 'See whether Redis runs at REDIS_URL. Until then work is found in the database.',
  },
  QUEUE_FULL: {
    message: 'The queue is full; nothing is lost with it.',
    hint: 'Give Redis more memory (maxmemory), or see who fills it. Until then work is found in the database.',
  },
  QUEUE_READ_ONLY: {
    message: 'The queue takes nothing that is written; nothing is lost with it.',
    hint: 'Let REDIS_URL name the primary, and see whether Redis can save to its disk. Until then work is found in the database.',
  },
  QUEUE_FORBIDDEN: {
    message: 'The queue does not let this process in; nothing is lost with it.',
    hint: 'Mend the user and the password in REDIS_URL, or what that user may do. Until then work is found in the database.',
  },
};

/** Redis did not take work, or not in time. */
export function queueRefused(fault: QueueFault, cause?: unknown): StagewrightError {
  const { message, hint } = SITUATIONS[fault];
  return new StagewrightError(fault, message, { hint, retryable: true, cause });
}

const REPLIES: ReadonlyArray<[RegExp, QueueFault]> = [
  [/\bOOM command not allowed\b/, 'QUEUE_FULL'],
  // A copy of another Redis, one that cannot save, one that has lost its copies.
  [/\b(READONLY|MISCONF|NOREPLICAS)\b/, 'QUEUE_READ_ONLY'],
  [/\b(NOAUTH|WRONGPASS|NOPERM)\b|\binvalid password\b/, 'QUEUE_FORBIDDEN'],
];
const AWAY_CODES =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|QUEUE_UNAVAILABLE)$/;

/** What an error of the driver says about Redis; undefined when it says nothing about it. */
export function queueFault(error: unknown): QueueFault | undefined {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && AWAY_CODES.test(code)) return 'QUEUE_UNAVAILABLE';
  return REPLIES.find(([reply]) => reply.test(String(message)))?.[1];
}
