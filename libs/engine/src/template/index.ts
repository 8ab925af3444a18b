export { canonicalJson, digestOf } from './canonical.ts';
export { catalogOf } from './catalog.ts';
export type { ActionCatalog, ActionFacts } from './catalog.ts';
export { checkRegistry } from './check-registry.ts';
export type { CheckedRegistry, CheckedTemplate } from './check-registry.ts';
export { compileTemplate } from './compile-template.ts';
export type { CompiledTemplate } from './compile-template.ts';
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
export { testSchema } from './schema/test-schema.ts';
export { readCase } from './test-file.ts';
export type { ReplayCase } from './test-file.ts';
export type * from './plan.ts';
export type { Finding } from '../errors/finding.ts';
export type { Json, JsonObject, JsonSchema } from '../vocabulary.ts';
