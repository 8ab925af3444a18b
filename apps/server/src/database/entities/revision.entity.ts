import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';
import type { Digest, Finding, Plan } from '@stagewright/engine';

/** A compiled template by content digest. Kept for as long as a run may name it, whatever the registry serves now. */
export const Revision = defineEntity({
  name: 'Revision',
  tableName: 'revision',
  indexes: [{ name: 'revision_commit', properties: ['workspace', 'template', 'commit'] }],
  uniques: [
    // One revision of a template is served at a time.
    { name: 'revision_served', properties: ['workspace', 'template'], where: 'served' },
  ],
  properties: {
    workspace: p.text().primary(),
    template: p.text().primary(),
    digest: p.text().primary(),
    commit: p.text(),
    version: p.text(),
    plan: p.json<Plan>().columnType('json'),
    /** Registry path -> sha256. */
    files: p.json<Record<string, Digest>>().columnType('json'),
    /** Warnings that the template had at this revision. */
    findings: p.json<Finding[]>().columnType('json'),
    served: p.boolean(),
    /** Its commit went with a rewritten history: runs that have it keep it, new ones are refused. */
    lost: p.boolean().default(false),
    createdAt: p.datetime(3),
  },
});
export type Revision = InferEntity<typeof Revision>;
