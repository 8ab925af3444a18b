import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';

/** A tenant. Every row that people can reach names one. */
export const Workspace = defineEntity({
  name: 'Workspace',
  tableName: 'workspace',
  properties: {
    id: p.text().primary(),
    title: p.text(),
    createdAt: p.datetime(3).defaultRaw('now()'),
  },
});
export type Workspace = InferEntity<typeof Workspace>;

/** The one workspace of an installation that has not made others. */
export const DEFAULT_WORKSPACE = 'default';
