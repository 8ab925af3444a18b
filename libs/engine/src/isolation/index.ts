export { createIsolation } from './create-isolation.ts';
export type { IsolationOptions } from './create-isolation.ts';
export type { ContractViolation, Isolation } from '../ports/isolation.ts';
