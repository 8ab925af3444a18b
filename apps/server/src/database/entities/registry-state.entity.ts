import { defineEntity, p } from '@mikro-orm/core';
import type { InferEntity } from '@mikro-orm/core';
import type { Finding, Instant } from '@stagewright/engine';

export interface HistoryRewrite {
  from: string;
  to: string;
  /** The ref is a tag. Absent in what older releases wrote. */
  isTag?: boolean;
  at: Instant;
}

/** Where a registry stands: swapped in one row at the end of a sync, so that half a sync is never seen. */
export const RegistryState = defineEntity({
  name: 'RegistryState',
  tableName: 'registry_state',
  properties: {
    workspace: p.text().primary(),
    url: p.text().primary(),
    ref: p.text(),
    /** Null before the first sync that worked. */
    commit: p.text().nullable(),
    syncedAt: p.datetime(3).nullable(),
    /** What is wrong at this commit, in every template. */
    findings: p.json<Finding[]>().columnType('json'),
    /** When the history was last rewritten, and from and to which commit; null when it never was. */
    rewrite: p.json<HistoryRewrite>().columnType('json').nullable(),
    /** Why the last sync did not work; null when it did. */
    failure: p.text().nullable(),
    /** Server whose turn it is to read, until when; null when it is nobody's. On the clock of the database. */
    reader: p.text().nullable(),
    readerUntil: p.datetime(3).nullable(),
    /** When a server last began to read. */
    lookedAt: p.datetime(3).nullable(),
  },
});
export type RegistryState = InferEntity<typeof RegistryState>;
