export { AREAS } from './change.ts';
export type { Area, Change } from './change.ts';
export { diffPlans } from './diff-plans.ts';
export type { PlanDiff } from './diff-plans.ts';
export { diffRegistries } from './diff-registries.ts';
export type { RegistryDiff, SharedFile, TemplateDiff } from './diff-registries.ts';
export { highest, RULES } from './rules.ts';
export type { Bump, RuleName } from './rules.ts';
export type { VersionVerdict } from './version.ts';
