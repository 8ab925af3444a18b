import { SetMetadata, applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';

export const PUBLIC_ROUTE = 'stagewright:public';

/** Opens a route to everyone. Only the health probes carry it; the route-table test names each of them. */
export const Public = (): MethodDecorator =>
  applyDecorators(SetMetadata(PUBLIC_ROUTE, true), RouteConfig({ [PUBLIC_ROUTE]: true }));
