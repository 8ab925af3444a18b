import type { Digest, RunState } from '@stagewright/engine';

import type { Database, Statement } from '../../database/database.ts';

/** Runs of each state that are counted; of a state with more, the newest. */
export const COUNTED_OF_EACH_STATE = 1_000;

export interface RevisionRuns {
  revision: Digest;
  state: RunState;
  runs: number;
}

/**
 * Index: `run_workspace_template`, entered once for each state, so that the scan of a state ends with the last run that is
 * counted, however many there are.
 */
const COUNT_RUNS_BY_REVISION: Statement = {
  name: 'count-runs-by-revision',
  text: `select r.revision, s.state, count(*)::int as runs
    from unnest($3::text[]) s(state) cross join lateral (
      select revision from run where workspace = $1 and template = $2 and state = s.state
        order by created_at desc limit ${COUNTED_OF_EACH_STATE}
    ) r
    group by r.revision, s.state`,
};

/** How many runs of a template use which of its revisions, by state. */
export function countRunsByRevision(
  database: Database,
  { workspace, template }: { workspace: string; template: string },
  states: readonly RunState[],
): Promise<RevisionRuns[]> {
  return database.query<RevisionRuns>(COUNT_RUNS_BY_REVISION, [workspace, template, states]);
}
