import { describe, expect, it } from '@jest/globals';

import { queueFault, queueRefused } from './queue.errors.ts';

/** What Redis 7 and the sockets say, word for word. */
const SAID: Array<[string, Error, string | undefined]> = [
  [
    'a full one',
    new Error("OOM command not allowed when used memory > 'maxmemory'. script: 3f1, on @user_script:1."),
    'QUEUE_FULL',
  ],
  ['a copy', new Error("READONLY You can't write against a read only replica."), 'QUEUE_READ_ONLY'],
  [
    'one that cannot save',
    new Error(
      "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
    ),
    'QUEUE_READ_ONLY',
  ],
  ['one that asks for a password', new Error('NOAUTH Authentication required.'), 'QUEUE_FORBIDDEN'],
  [
    'one with another password',
    new Error('WRONGPASS invalid username-password pair or user is disabled.'),
    'QUEUE_FORBIDDEN',
  ],
  [
    'one whose user may not',
    new Error("NOPERM User stage has no permissions to run the 'set' command"),
    'QUEUE_FORBIDDEN',
  ],
  [
    'none at all',
    Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
    'QUEUE_UNAVAILABLE',
  ],
  ['one that was waited for in vain', queueRefused('QUEUE_UNAVAILABLE'), 'QUEUE_UNAVAILABLE'],
  ['a job that is another’s by now', new Error('Missing lock for job 12 finished'), undefined],
];

describe('what Redis says about itself', () => {
  it.each(SAID)('of %s', (_what, error, fault) => {
    expect(queueFault(error)).toBe(fault);
  });

  it('is handed on without what it said: addresses and users are nobody’s business', () => {
    const { code, message, hint } = queueRefused('QUEUE_FORBIDDEN', new Error('NOPERM User CANARY'));
    expect({ code, text: `${message} ${hint}` }).toEqual({
      code: 'QUEUE_FORBIDDEN',
      text: expect.not.stringContaining('CANARY'),
    });
  });
});
