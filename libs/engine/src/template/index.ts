export { canonicalJson, digestOf } from './canonical.ts';
export { catalogOf } from './catalog.ts';
export type { ActionCatalog, ActionFacts } from './catalog.ts';
export { filesFromMap } from './registry-files.ts';
export type { RegistryFiles } from './registry-files.ts';
export { resolveInputs } from './resolve-inputs.ts';
export type * from './plan.ts';
export type { Finding } from '../errors/finding.ts';
export type { Json, JsonObject, JsonSchema } from '../vocabulary.ts';
