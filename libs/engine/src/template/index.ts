export { canonicalJson, digestOf } from './canonical.ts';
export { catalogOf } from './catalog.ts';
export type { ActionCatalog, ActionFacts } from './catalog.ts';
export { checkRegistry, checkTemplate, gatherChecks, templateNames } from './check-registry.ts';
export { checkChange } from './check-change.ts';
export type { CheckedChange, RegistryChange } from './check-change.ts';
export { writePolicy } from './check/check-manifest.ts';
export type { WritePolicy } from './schema/manifest-schema.ts';
export type { CheckedRegistry, CheckedTemplate } from './check-registry.ts';
export { compileTemplate } from './compile-template.ts';
export type { CompiledTemplate } from './compile-template.ts';
export { AREAS, diffPlans, diffRegistries, RULES } from './diff/index.ts';
export type {
  Area,
  Bump,
  Change,
  PlanDiff,
  RegistryDiff,
  RuleName,
  SharedFile,
  TemplateDiff,
  VersionVerdict,
} from './diff/index.ts';
export { filesFromMap } from './registry-files.ts';
export type { RegistryFiles } from './registry-files.ts';
export { isPromptName, promptNames, promptPath, readSharedPrompt, stagesByPrompt } from './shared-prompt.ts';
export type { PromptVariable, SharedPrompt } from './shared-prompt.ts';
export { checkSubmittedFiles, templateNameIn, templateText } from './submission.ts';
export { resolveInputs } from './resolve-inputs.ts';
export {
  isHidden,
  MOST_WORKING_BYTES,
  MOST_WORKING_FILES,
  pathKey,
  workingPathFault,
} from './working-path.ts';
export { templateSchema } from './schema/template-schema.ts';
export { testSchema } from './schema/test-schema.ts';
export { readCase } from './test-file.ts';
export type { ReplayCase } from './test-file.ts';
export type * from './plan.ts';
export type { Finding } from '../errors/finding.ts';
export type { Json, JsonObject, JsonSchema } from '../vocabulary.ts';
