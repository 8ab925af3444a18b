import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { uploadsElsewhere } from './artifacts.errors.ts';

/**
 * Teaches the HTTP server to take files: multipart forms, and bare bytes of any type that no other parser takes. Bytes
 * stay a stream and are taken on the upload route only; elsewhere an unknown type is refused as before.
 */
export async function registerUploadParsers(fastify: FastifyInstance): Promise<void> {
  await fastify.register(multipart);
  fastify.addContentTypeParser('*', (request: FastifyRequest, payload, done) => {
    if (isUploadRoute(request)) done(null, payload);
    else done(uploadsElsewhere(request.headers['content-type']));
  });
}

function isUploadRoute(request: FastifyRequest): boolean {
  return request.method === 'POST' && (request.routeOptions.url ?? '').endsWith('/artifacts');
}
