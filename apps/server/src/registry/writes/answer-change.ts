import type { FastifyReply } from 'fastify';

import type { ChangedView } from './registry-change.view.ts';

/** 202 for a commit that waits for a pull request: it is not in effect. */
export function answerChange(reply: FastifyReply, changed: ChangedView): ChangedView {
  if (!changed.served && changed.branch.startsWith('stagewright/')) void reply.status(202);
  return changed;
}
