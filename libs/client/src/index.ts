export { createClient } from './client.ts';
export type {
  ArtifactRef,
  AttemptRecord,
  CreateRun,
  Envelope,
  ProvenanceStatement,
  PublicKey,
  RunEvent,
  RunFilter,
  RunPreview,
  RunSummary,
  RunView,
  StagewrightClient,
  TemplateDetail,
  TemplateSummary,
  TemplateUsage,
  VerbName,
} from './client.ts';
export { ApiError } from './problem.ts';
export type { ClientOptions } from './transport.ts';
