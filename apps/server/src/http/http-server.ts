import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';

import helmet from '@fastify/helmet';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { ServerToken } from '../auth/index.ts';
import type { HttpSettings } from '../config/index.ts';
import { RouteTable, problemOf, sendProblem } from '../problem/index.ts';
import { closeFrontDoor } from './front-door.ts';
import { listenFailed } from './http.errors.ts';
import { serveDocs } from './openapi.ts';

/** Longest JSON body, in bytes. Uploads have a limit of their own. */
const BODY_LIMIT = 2 * 1024 * 1024;
const HEADERS_TIMEOUT_MS = 30_000;

/**
 * Bodies are parsed before a route of Nest's is entered, so what goes wrong there never reaches Nest's filters. Nest installs a handler for that only after
 * the routes, and Fastify gives a route the handler of the moment: ours is there first, and the late one is left out.
 */
class ProblemAdapter extends FastifyAdapter {
  answerWithProblems(): this {
    this.getInstance().setErrorHandler((error, request, reply) =>
      sendProblem(request, reply, problemOf(error)),
    );
    return this;
  }

  override setErrorHandler(): ReturnType<FastifyAdapter['setErrorHandler']> {
    return this.getInstance();
  }
}

export function createAdapter(): FastifyAdapter {
  return new ProblemAdapter({
    bodyLimit: BODY_LIMIT,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    // An address that cannot be decoded never reaches a route or a hook.
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(request, reply, problemOf(error)),
    connectionTimeout: 0,
    requestTimeout: HEADERS_TIMEOUT_MS * 10,
    routerOptions: { maxParamLength: 300 },
  }).answerWithProblems();
}

/** Everything that stands in front of the routes. Cross-origin requests stay refused: there is no browser face yet. */
export async function prepareHttp(app: NestFastifyApplication): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  app.get(RouteTable).watch(fastify);
  closeFrontDoor(fastify, app.get(ServerToken));
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  await app.register(helmet, {
    hsts: false,
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
  });
  prefixRoutes(app);
  serveDocs(app);
}

/** Where the routes live: all of the API under one version, the probes beside it. */
export function prefixRoutes(app: NestFastifyApplication): void {
  app.setGlobalPrefix('api/v1', { exclude: ['health/live', 'health/ready'] });
}

/** Starts to listen and gives the address for people. Throws `PORT_IN_USE`, `PORT_FORBIDDEN` or `HOST_UNKNOWN`. */
export async function listen(app: NestFastifyApplication, { host, port }: HttpSettings): Promise<string> {
  try {
    await app.listen(port, host);
  } catch (error) {
    throw listenFailed(error, host, port);
  }
  const address = app.getHttpServer().address() as AddressInfo;
  return `http://${hostForPeople(host)}:${address.port}`;
}

function hostForPeople(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
