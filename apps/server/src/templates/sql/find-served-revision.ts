import type { Digest } from '@stagewright/engine';

import type { Database, Statement } from '../../database/database.ts';

/** What a run pins of a revision. */
export interface RevisionFacts {
  version: string;
  commit: string;
  digest: Digest;
  /** Its commit went with a rewritten history. */
  lost: boolean;
}

/** Sent for every new run, so not by the ORM, which takes ten times as long over it. Index: `revision_served`. */
const FIND_SERVED_REVISION: Statement = {
  name: 'find-served-revision',
  hot: true,
  text: 'select version, commit, digest, lost from revision where workspace = $1 and template = $2 and served',
};

/** The revision of the template that the registry serves now. */
export async function findServedRevision(
  database: Database,
  workspace: string,
  template: string,
): Promise<RevisionFacts | undefined> {
  const [row] = await database.query<RevisionFacts>(FIND_SERVED_REVISION, [workspace, template]);
  return row;
}
