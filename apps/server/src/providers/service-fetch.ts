import { allowOrigins, createOperatorFetch } from '../egress/index.ts';

/** The `fetch` that an SDK is handed. */
export type ServiceFetch = typeof globalThis.fetch;

/**
 * The way out for one service and its key: to the address that the operator configured, which may be on this machine or
 * its network, or else to the service's own, which must be public. The key goes to no other origin.
 */
export function createServiceFetch(configured: string | null | undefined, own: string): ServiceFetch {
  const allow = configured == null ? allowOrigins([own], 'public') : allowOrigins([configured]);
  return createOperatorFetch({ allow });
}
