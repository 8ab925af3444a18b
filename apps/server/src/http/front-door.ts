import type { FastifyInstance, FastifyRequest } from 'fastify';

import { LOCAL_OWNER, PUBLIC_ROUTE, notAuthenticated } from '../auth/index.ts';
import type { AuthenticatedRequest, ServerToken } from '../auth/index.ts';
import { problemOf, sendProblem } from '../problem/index.ts';

const BEARER = /^Bearer ([A-Za-z0-9._~+/-]{1,512}=*)$/i;
const BASIC = /^Basic ([A-Za-z0-9+/]{1,1024}=*)$/i;

/**
 * Default deny, before a body is read: whatever the router matched, or did not match, answers only to the token
 * unless the matched route itself is marked public. No path is compared, so no odd spelling of one gets by.
 */
export function closeFrontDoor(server: FastifyInstance, token: ServerToken): void {
  server.addHook('onRequest', (request: FastifyRequest & AuthenticatedRequest, reply, done) => {
    if (isPublic(request)) return done();
    const candidate = bearer(request) ?? (forBrowsers(request) ? basicPassword(request) : undefined);
    if (candidate === undefined || !token.matches(candidate)) {
      if (forBrowsers(request))
        void reply.header('www-authenticate', 'Basic realm="Stagewright", charset="UTF-8"');
      // Sent here and not thrown: routes that are not Nest's have another error handler.
      return sendProblem(request, reply, problemOf(notAuthenticated()));
    }
    request.principal = LOCAL_OWNER;
    return done();
  });
}

function isPublic(request: FastifyRequest): boolean {
  return (
    !request.is404 && (request.routeOptions.config as { [PUBLIC_ROUTE]?: boolean })[PUBLIC_ROUTE] === true
  );
}

/** A browser cannot send a bearer token for a page: the documentation also takes the token as a Basic password. */
function forBrowsers(request: FastifyRequest): boolean {
  return !request.is404 && /^\/docs(\/|$)/.test(request.routeOptions.url ?? '') && request.method === 'GET';
}

function bearer(request: FastifyRequest): string | undefined {
  return BEARER.exec(request.headers.authorization ?? '')?.[1];
}

function basicPassword(request: FastifyRequest): string | undefined {
  const encoded = BASIC.exec(request.headers.authorization ?? '')?.[1];
  return encoded === undefined
    ? undefined
    : Buffer.from(encoded, 'base64').toString('utf8').split(':').slice(1).join(':');
}
