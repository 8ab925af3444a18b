import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { Actor } from '@stagewright/engine';

import { DEFAULT_WORKSPACE } from '../database/entities/index.ts';
import { notAuthenticated } from './auth.errors.ts';

/** Who a request speaks for, and in which workspace. Set by the guard, never taken from the request's own words. */
export interface Principal {
  workspace: string;
  actor: Actor;
}

/** A request that the guard let through. */
export interface AuthenticatedRequest {
  principal?: Principal;
}

/**
 * Holder of the server's token: the one owner of an embedded installation. The owner starts runs and approves them,
 * so templates meant for one person set `selfApproval: true` on their gates.
 */
export const LOCAL_OWNER: Principal = {
  workspace: DEFAULT_WORKSPACE,
  actor: { kind: 'user', id: 'local', roles: ['admin', 'approver'] },
};

/** The principal of the request: `@CurrentPrincipal() principal: Principal`. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (principal === undefined) throw notAuthenticated();
  return principal;
});
