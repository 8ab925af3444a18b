import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** Which methods a path takes: tells a wrong method from a wrong path in an answer, and decides nothing else. */
@Injectable()
export class RouteTable {
  readonly #routes: Array<{ methods: string[]; pattern: RegExp }> = [];

  /** Before the routes are registered. */
  watch(server: FastifyInstance): void {
    server.addHook('onRoute', ({ method, url }) => {
      if (url.includes('*')) return;
      this.#routes.push({ methods: [method].flat(), pattern: toPattern(url) });
    });
  }

  methodsOf(url: string): string[] {
    const path = url.split('?')[0] ?? '';
    const methods = this.#routes
      .filter(({ pattern }) => pattern.test(path))
      .flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  }
}

function toPattern(url: string): RegExp {
  const parts = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${parts.join('/')}$`);
}
