import { SetMetadata } from '@nestjs/common';

export const PUBLIC_ROUTE = 'stagewright:public';

/** Opens a route to everyone. Only the health probes carry it; the route-table test names each of them. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC_ROUTE, true);
