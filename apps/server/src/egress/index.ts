export { allowHosts, allowOrigins } from './allow-list.ts';
export type { AllowList } from './allow-list.ts';
export { EgressClient, EGRESS_LIMITS } from './egress-client.ts';
export type { EgressLimits, EgressOptions } from './egress-client.ts';
export { EgressModule } from './egress.module.ts';
export { createOperatorFetch } from './operator-fetch.ts';
export type { OperatorFetchOptions } from './operator-fetch.ts';
