import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

import { notAuthenticated } from './auth.errors.ts';
import type { AuthenticatedRequest } from './principal.ts';
import { PUBLIC_ROUTE } from './public.ts';

/**
 * The second wall behind the front door: a handler of Nest's without `@Public()` runs only for a request that the
 * front door has named a principal for.
 */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.reflector.get<boolean | undefined>(PUBLIC_ROUTE, context.getHandler()) === true) return true;
    if (context.switchToHttp().getRequest<AuthenticatedRequest>().principal === undefined)
      throw notAuthenticated();
    return true;
  }
}
