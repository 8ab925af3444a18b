export { definePlugin } from './define-plugin.ts';
export type {
  Action,
  ActionExample,
  ArtifactType,
  Idempotency,
  Plugin,
  WorkflowType,
} from './define-plugin.ts';
export type {
  ActionArtifacts,
  ActionContext,
  EgressRequest,
  EgressResponse,
  NewArtifact,
} from '../ports/action-context.ts';
export { StagewrightError } from '../errors/stagewright-error.ts';
export type { ArtifactRef, Json, JsonObject, JsonSchema } from '../vocabulary.ts';
