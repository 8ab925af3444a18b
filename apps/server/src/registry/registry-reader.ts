import { Injectable } from '@nestjs/common';
import type { Finding, Plan } from '@stagewright/engine';

import { findRewrite, pin } from './git-history.ts';
import type { Rewrite } from './git-history.ts';
import { GitMirror } from './git-mirror.ts';
import { RegistryChecks } from './registry-checks.ts';
import type { RegistryLimits } from './registry-limits.ts';
import type { ConfiguredRegistry } from './registry-source.ts';
import { readTree } from './registry-tree.ts';

/** A commit of a registry, checked aside: nothing of it serves yet. */
export interface CheckedCommit {
  commit: string;
  templates: Array<{ name: string; plan: Plan | null; findings: Finding[] }>;
  findings: Finding[];
  /** The commit that was read before is no longer part of the ref's history. */
  rewrite: Rewrite | null;
}

export interface ReadOptions {
  /** Commit that was read last; null when nothing was. */
  before: string | null;
  /** Commits that revisions are filed under: asked for when history was rewritten. */
  commits: () => Promise<string[]>;
  /** Commit that this process has checked, if any: what it served as then, it serves as now. */
  checked: string | null;
}

export interface MirrorPlace {
  gitDir: string;
  limits: RegistryLimits;
}

/** Fetch, read, check: from a registry's address to compiled templates. */
@Injectable()
export class RegistryReader {
  constructor(private readonly checks: RegistryChecks) {}

  /** Null when the registry is still at the commit that was read last and that this process has checked. */
  async read(
    registry: ConfiguredRegistry,
    { gitDir, limits }: MirrorPlace,
    { before, commits, checked: known }: ReadOptions,
  ): Promise<CheckedCommit | null> {
    const source = await registry.open();
    const mirror = new GitMirror(gitDir, limits);
    const commit = await mirror.fetch(source, registry.ref);
    if (commit === before && commit === known) return null;
    const rewrite =
      before === null || before === commit || !registry.hasHistory
        ? null
        : await findRewrite(mirror, { source, ref: registry.ref, from: before, commits });
    await pin(gitDir, commit);
    const tree = await readTree(gitDir, { commit, folder: registry.folder }, limits);
    const checked = await this.checks.check(tree.files);
    return {
      commit,
      rewrite,
      templates: checked.templates,
      findings: [...tree.findings, ...checked.findings],
    };
  }
}
