import { describe, expect, it } from '@jest/globals';
import type { FastifyReply } from 'fastify';

import { answerChange } from './answer-change.ts';
import type { ChangedView } from './registry-change.view.ts';

const CHANGED: ChangedView = {
  name: 'memo',
  commit: 'a'.repeat(40),
  branch: 'main',
  changed: true,
  served: true,
  contentDigest: null,
  revision: null,
  findings: [],
};

function statusFor(change: Partial<ChangedView>): number | undefined {
  let status: number | undefined;
  const reply = { status: (code: number) => (status = code) } as unknown as FastifyReply;
  answerChange(reply, { ...CHANGED, ...change });
  return status;
}

describe('the answer to a change of the registry', () => {
  it.each<[string, Partial<ChangedView>, number | undefined]>([
    [
      'is 202 for what waits for a pull request',
      { served: false, branch: 'stagewright/template-memo-0a1b2c3d' },
      202,
    ],
    ['is that of the route for what is served', {}, undefined],
    [
      'is that of the route for what is committed, but could not be read back at once',
      { served: false },
      undefined,
    ],
  ])('%s', (_what, change, status) => {
    expect(statusFor(change)).toBe(status);
  });
});
