export { canonicalJson, digestOf } from './canonical.ts';
export { catalogOf } from './catalog.ts';
export type { ActionCatalog, ActionFacts } from './catalog.ts';
export { checkRegistry, checkTemplate, gatherChecks, templateNames } from './check-registry.ts';
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
export { resolveInputs } from './resolve-inputs.ts';
export {
  isHidden,
  MOST_WORKING_BYTES,
  MOST_WORKING_FILES,
  pathKey,
  workingPathFault,
} from './working-path.ts';
export { templateSchema } from './schema/template-schema.ts';
export type * from './plan.ts';
export type { Finding } from '../errors/finding.ts';
export type { Json, JsonObject, JsonSchema } from '../vocabulary.ts';
