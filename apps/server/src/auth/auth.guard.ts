import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

import { notAuthenticated } from './auth.errors.ts';
import { LOCAL_OWNER } from './principal.ts';
import type { AuthenticatedRequest } from './principal.ts';
import { PUBLIC_ROUTE } from './public.ts';
import { ServerToken } from './server-token.ts';

const BEARER = /^Bearer ([A-Za-z0-9._~+/-]{1,512}=*)$/i;

interface IncomingRequest extends AuthenticatedRequest {
  headers: { authorization?: string };
}

/** Default deny: a route without `@Public()` answers only to the token, whatever its path looks like. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly token: ServerToken,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const open = this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC_ROUTE, [context.getHandler(), context.getClass()]);
    if (open === true) return true;
    const request = context.switchToHttp().getRequest<IncomingRequest>();
    if (!this.admits(request.headers.authorization)) throw notAuthenticated();
    request.principal = LOCAL_OWNER;
    return true;
  }

  /** For routes that are not Nest's own, such as the documentation pages. */
  admits(authorization: string | undefined): boolean {
    const candidate = BEARER.exec(authorization ?? '')?.[1];
    return candidate !== undefined && this.token.matches(candidate);
  }
}
