export { createClient } from './client.ts';
export type {
  ArtifactRef,
  ClientOptions,
  CreateRun,
  RunEvent,
  RunFilter,
  RunSummary,
  RunView,
  StagewrightClient,
  TemplateDetail,
  VerbName,
} from './client.ts';
export { ApiError } from './problem.ts';
