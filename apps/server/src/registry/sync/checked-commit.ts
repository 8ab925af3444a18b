import type { Finding, Plan } from '@stagewright/engine';

import type { Rewrite } from '../git/git-history.ts';

/** A commit of a registry, or a working copy, checked aside: nothing of it serves yet. */
export interface CheckedCommit {
  /** `worktree+<digest>` for files that are in no commit. */
  commit: string;
  templates: CheckedTemplate[];
  findings: Finding[];
  /** The commit that was read before is no longer part of the ref's history. */
  rewrite: Rewrite | null;
}

export interface CheckedTemplate {
  name: string;
  /** Where its content is found: the commit, unless a working copy has edits of others. */
  commit: string;
  plan: Plan | null;
  findings: Finding[];
}
