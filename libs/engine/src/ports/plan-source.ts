import type { Plan } from '../template/plan.ts';
import type { Digest, Revision } from '../vocabulary.ts';

/** Compiled templates by content digest: what a run's lock names, whatever the registry serves now. */
export interface PlanSource {
  /** Throws `REVISION_NOT_FOUND`. */
  byDigest(digest: Digest): Promise<Plan>;
  /** The revision to run for a template, by commit or digest, or the one served now. Throws `TEMPLATE_NOT_FOUND`. */
  resolve(template: string, revision?: string): Promise<{ plan: Plan; revision: Revision }>;
}
