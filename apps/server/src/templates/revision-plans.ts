import { EntityManager } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import type { Digest, Plan, PlanSource, Revision as RevisionRef } from '@stagewright/engine';

import { Database } from '../database/database.ts';
import { DEFAULT_WORKSPACE, RegistryState, Revision } from '../database/entities/index.ts';
import { Recent } from './recent.ts';
import { SharedLookups } from './shared-lookups.ts';
import { findServedRevision } from './sql/find-served-revision.ts';
import type { RevisionFacts } from './sql/find-served-revision.ts';
import { revisionLost, revisionNotFound, templateNotFound } from './templates.errors.ts';

/** Plans kept in memory; one of the shipped templates has about 20 KiB. */
const CACHED_PLANS = 200;

/** `PlanSource` over the revisions in the database: what a run's lock names, whatever the registry serves now. */
@Injectable()
export class RevisionPlans implements PlanSource {
  private readonly plans = new Recent<Digest, Plan>(CACHED_PLANS);
  /** Every new run asks what is served now; a thousand that are made at once ask together. */
  private readonly servedNow = new SharedLookups((template: string) =>
    findServedRevision(this.database, DEFAULT_WORKSPACE, template),
  );

  constructor(
    private readonly entities: EntityManager,
    private readonly database: Database,
  ) {}

  async byDigest(digest: Digest): Promise<Plan> {
    const known = this.plans.get(digest);
    if (known !== undefined) return known;
    // A digest names content, so any row that has it will do.
    const row = await this.entities.fork().findOne(Revision, { digest });
    if (row === null) throw revisionNotFound(digest);
    this.plans.set(digest, row.plan);
    return row.plan;
  }

  async resolve(template: string, revision?: string): Promise<{ plan: Plan; revision: RevisionRef }> {
    const found = revision === undefined ? await this.served(template) : await this.named(template, revision);
    const { version, commit, digest, lost } = found;
    if (lost) throw revisionLost(template, commit);
    return { plan: await this.byDigest(digest), revision: { template, version, commit, digest } };
  }

  private async served(template: string): Promise<RevisionFacts> {
    const row = await this.servedNow.find(template);
    if (row === undefined) throw templateNotFound(template);
    return row;
  }

  private async named(template: string, name: string): Promise<RevisionFacts> {
    const row =
      (await this.find({ template, $or: [{ digest: name }, { commit: name }] })) ??
      (await this.atPresentCommit(template, name));
    if (row !== undefined) return row;
    throw (await this.find({ template })) === undefined ? templateNotFound(template) : revisionNotFound(name);
  }

  /** A revision is filed under the commit that first had it; the registry's present commit may be a later one. */
  private async atPresentCommit(template: string, commit: string): Promise<RevisionFacts | undefined> {
    const present = await this.entities.fork().count(RegistryState, { workspace: DEFAULT_WORKSPACE, commit });
    return present === 0 ? undefined : this.servedNow.find(template);
  }

  private async find(where: object): Promise<RevisionFacts | undefined> {
    const fields = ['version', 'commit', 'digest', 'lost'] as const;
    const options = { fields, orderBy: { createdAt: 'desc' }, limit: 1 } as const;
    const [row] = await this.entities
      .fork()
      .find(Revision, { workspace: DEFAULT_WORKSPACE, ...where }, options);
    return row;
  }
}
