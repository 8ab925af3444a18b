import { Catch, Logger } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { notAuthenticated } from '../auth/index.ts';
import type { AuthenticatedRequest } from '../auth/index.ts';
import { methodNotAllowed, problemOf } from './problem-of.ts';
import type { ProblemFacts } from './problem.ts';
import { sendProblem } from './send-problem.ts';
import { RouteTable } from './route-table.ts';

/** Answers every error as `application/problem+json`; what the client may not see goes to the log. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('problem');

  constructor(private readonly routes: RouteTable) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const facts = this.factsOf(error, request);
    if (facts.status >= 500)
      this.logger.error({ err: error, requestId: request.id, code: facts.code }, facts.detail);
    sendProblem(request, reply, facts);
  }

  /** Someone without a token does not learn which routes there are. */
  private factsOf(error: unknown, request: FastifyRequest & AuthenticatedRequest): ProblemFacts {
    const facts = problemOf(error);
    if (facts.code !== 'ROUTE_NOT_FOUND') return facts;
    if (request.principal === undefined) return problemOf(notAuthenticated());
    const allowed = this.routes.methodsOf(request.url);
    return allowed.length === 0 ? facts : methodNotAllowed(request.method, allowed);
  }
}
