export type { Finding } from './finding.ts';
export { StagewrightError, toFailure } from './stagewright-error.ts';
export type { ErrorFacts } from './stagewright-error.ts';
export { nearest } from './nearest.ts';
