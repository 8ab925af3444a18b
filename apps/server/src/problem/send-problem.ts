import type { FastifyReply, FastifyRequest } from 'fastify';

import { toProblem } from './problem.ts';
import type { ProblemFacts } from './problem.ts';

/** Answers with `application/problem+json` and the headers that go with the status. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, facts: ProblemFacts): void {
  // A live stream that breaks has sent its head long ago: all that is left is to end it.
  if (reply.raw.headersSent) {
    reply.raw.end();
    return;
  }
  if (facts.status === 401 && !reply.hasHeader('www-authenticate'))
    void reply.header('www-authenticate', 'Bearer');
  if (facts.allow !== undefined) void reply.header('allow', facts.allow.join(', '));
  if (facts.retryAfter !== undefined) void reply.header('retry-after', String(facts.retryAfter));
  void reply.header('x-request-id', request.id);
  const body = JSON.stringify(toProblem(facts, `urn:request:${request.id}`));
  void reply.status(facts.status).type('application/problem+json').send(body);
}
