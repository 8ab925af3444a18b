import { EntityManager } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import { diffPlans } from '@stagewright/engine/template';

import { Database } from '../database/database.ts';
import { Revision } from '../database/entities/index.ts';
import { CommitLog } from '../registry/index.ts';
import type { CommitFacts } from '../registry/index.ts';
import { RUN_STATES } from '../runs/dto/run-requests.dto.ts';
import { COUNTED_OF_EACH_STATE, countRunsByRevision } from './sql/count-runs-by-revision.ts';
import { toRevision } from './template.view.ts';
import type {
  DiffQuery,
  TemplateDiffView,
  TemplateHistory,
  TemplateUsage,
} from './template-revisions.view.ts';
import { revisionNotFound, templateNotFound } from './templates.errors.ts';
import type { PageQuery } from './templates.query.ts';

const FIELDS = ['template', 'version', 'commit', 'digest', 'served', 'lost', 'createdAt'] as const;
const NEWEST_FIRST = { createdAt: 'desc', digest: 'asc' } as const;
/** Revisions that usage is told of. */
const MOST_REVISIONS = 200;

/** What became of a template over time, and who still uses what it was. */
@Injectable()
export class TemplateRevisionsService {
  constructor(
    private readonly entities: EntityManager,
    private readonly database: Database,
    private readonly commits: CommitLog,
  ) {}

  /** Also of revisions that no new run may use. Throws `TEMPLATE_NOT_FOUND` and `REVISION_NOT_FOUND`. */
  async diff(workspace: string, template: string, { from, to }: DiffQuery): Promise<TemplateDiffView> {
    const where = { workspace, template };
    const [before, after] = await Promise.all([this.find(where, from), this.find(where, to)]);
    const { changes, required, version, files } = diffPlans(before.plan, after.plan);
    return { from: toRevision(before), to: toRevision(after), changes, required, version, files };
  }

  /** Newest first. Throws `TEMPLATE_NOT_FOUND`. */
  async history(workspace: string, template: string, page: PageQuery): Promise<TemplateHistory> {
    const options = { fields: FIELDS, orderBy: NEWEST_FIRST, offset: page.skip, limit: page.limit };
    const [rows, total] = await this.entities.fork().findAndCount(Revision, { workspace, template }, options);
    if (total === 0) throw templateNotFound(template);
    const facts = await this.commits.of(rows.map(({ commit }) => commit));
    return {
      items: rows.map((row) => ({ ...toRevision(row), change: toChange(facts.get(row.commit)) })),
      total,
    };
  }

  /** Revisions that runs use, newest first, and the one that is served. Throws `TEMPLATE_NOT_FOUND`. */
  async usage(workspace: string, template: string): Promise<TemplateUsage> {
    const counted = await countRunsByRevision(this.database, { workspace, template }, RUN_STATES);
    const digests = [...new Set(counted.map(({ revision }) => revision))];
    const rows = await this.entities
      .fork()
      .find(
        Revision,
        { workspace, template, $or: [{ served: true }, { digest: { $in: digests } }] },
        { fields: FIELDS, orderBy: NEWEST_FIRST, limit: MOST_REVISIONS },
      );
    if (rows.length === 0) throw templateNotFound(template);
    const runsOf = (digest: string): Record<string, number> =>
      Object.fromEntries(
        counted.filter((one) => one.revision === digest).map(({ state, runs }) => [state, runs]),
      );
    return {
      items: rows.map((row) => ({ ...toRevision(row), runs: runsOf(row.digest) })),
      countedOfEachState: COUNTED_OF_EACH_STATE,
    };
  }

  private async find(
    where: { workspace: string; template: string },
    name: string | undefined,
  ): Promise<Revision> {
    const wanted = name === undefined ? { served: true } : { $or: [{ digest: name }, { commit: name }] };
    const [row] = await this.entities
      .fork()
      .find(Revision, { ...where, ...wanted }, { orderBy: NEWEST_FIRST, limit: 1 });
    if (row !== undefined) return row;
    const isKnown = (await this.entities.fork().count(Revision, where)) > 0;
    throw isKnown && name !== undefined ? revisionNotFound(name) : templateNotFound(where.template);
  }
}

function toChange(facts: CommitFacts | undefined): TemplateHistory['items'][number]['change'] {
  if (facts === undefined) return null;
  const { author, at, subject } = facts;
  return { author, at, subject };
}
