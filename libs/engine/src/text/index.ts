export { diffLines } from './line-diff.ts';
export type { DiffLine } from './line-diff.ts';
