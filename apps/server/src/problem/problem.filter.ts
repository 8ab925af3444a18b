import { Catch, Logger } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { problemOf } from './problem-of.ts';
import { toProblem } from './problem.ts';

/** Answers every error as `application/problem+json`; what the client may not see goes to the log. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('problem');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const facts = problemOf(error);
    if (facts.status >= 500) this.logger.error({ err: error, requestId: request.id, code: facts.code }, facts.detail);
    // A live stream that breaks has sent its head long ago: all that is left is to end it.
    if (reply.raw.headersSent) {
      reply.raw.end();
      return;
    }
    if (facts.status === 401) void reply.header('www-authenticate', 'Bearer');
    if (facts.retryAfter !== undefined) void reply.header('retry-after', String(facts.retryAfter));
    const body = JSON.stringify(toProblem(facts, `urn:request:${request.id}`));
    void reply.status(facts.status).type('application/problem+json').send(body);
  }
}
