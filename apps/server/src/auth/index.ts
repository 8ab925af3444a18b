export { AuthGuard } from './auth.guard.ts';
export { AuthModule } from './auth.module.ts';
export { notAuthenticated } from './auth.errors.ts';
export { CurrentPrincipal, LOCAL_OWNER } from './principal.ts';
export type { AuthenticatedRequest, Principal } from './principal.ts';
export { Public, PUBLIC_ROUTE } from './public.ts';
export { ServerToken } from './server-token.ts';
