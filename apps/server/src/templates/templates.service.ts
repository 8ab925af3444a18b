import { EntityManager } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';

import { Revision } from '../database/entities/index.ts';
import { RevisionPlans } from './revision-plans.ts';
import { toRevision, toSummary, toView } from './template.view.ts';
import type { TemplateList, TemplateRevisionList, TemplateView } from './template.view.ts';
import { revisionNotFound, templateNotFound } from './templates.errors.ts';
import type { PageQuery, TemplateQuery } from './templates.query.ts';

/** The templates of a workspace, as people choose from them. */
@Injectable()
export class TemplatesService {
  constructor(
    private readonly entities: EntityManager,
    private readonly plans: RevisionPlans,
  ) {}

  /** Filters in memory: what serves are tens of templates, and their plans are cached. */
  async list(workspace: string, query: TemplateQuery): Promise<TemplateList> {
    const fields = ['template', 'version', 'commit', 'digest', 'findings'] as const;
    const rows = await this.entities
      .fork()
      .find(Revision, { workspace, served: true }, { fields, orderBy: { template: 'asc' } });
    const all = await Promise.all(
      rows.map(async ({ template, version, commit, digest, findings }) =>
        toSummary(await this.plans.byDigest(digest), { template, version, commit, digest }, findings),
      ),
    );
    const chosen = all.filter(
      ({ type, labels }) =>
        (query.type === undefined || type === query.type) &&
        (query.category === undefined || labels['category'] === query.category),
    );
    return { items: chosen.slice(query.skip, query.skip + query.limit), total: chosen.length };
  }

  /** The one that is served, or another revision by commit or digest. Throws `TEMPLATE_NOT_FOUND` and `REVISION_NOT_FOUND`. */
  async show(workspace: string, name: string, revision?: string): Promise<TemplateView> {
    const wanted =
      revision === undefined ? { served: true } : { $or: [{ digest: revision }, { commit: revision }] };
    const where = { workspace, template: name };
    const [row] = await this.entities
      .fork()
      .find(Revision, { ...where, ...wanted }, { orderBy: { createdAt: 'desc' }, limit: 1 });
    if (row === undefined) {
      const isKnown = revision !== undefined && (await this.entities.fork().count(Revision, where)) > 0;
      throw isKnown ? revisionNotFound(revision) : templateNotFound(name);
    }
    const { template, version, commit, digest, findings, plan } = row;
    return toView(plan, { template, version, commit, digest }, findings);
  }

  /** Newest first, those no longer served included. Throws `TEMPLATE_NOT_FOUND`. */
  async revisions(workspace: string, name: string, page: PageQuery): Promise<TemplateRevisionList> {
    const fields = ['template', 'version', 'commit', 'digest', 'served', 'lost', 'createdAt'] as const;
    const [rows, total] = await this.entities
      .fork()
      .findAndCount(
        Revision,
        { workspace, template: name },
        { fields, orderBy: { createdAt: 'desc', digest: 'asc' }, offset: page.skip, limit: page.limit },
      );
    if (total === 0) throw templateNotFound(name);
    return { items: rows.map(toRevision), total };
  }
}
