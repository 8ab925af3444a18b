export { RegistryModule } from './registry.module.ts';
export { RegistryService } from './registry.service.ts';
export { findingSchema } from './registry.view.ts';
export type { RegistryView } from './registry.view.ts';
export { CommitLog } from './commit-log.ts';
export type { CommitFacts } from './commit-log.ts';
