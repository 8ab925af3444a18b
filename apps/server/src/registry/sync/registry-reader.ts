import { Injectable } from '@nestjs/common';

import type { CheckedCommit } from './checked-commit.ts';
import { findRewrite, pin } from '../git/git-history.ts';
import { GitMirror } from '../git/git-mirror.ts';
import { refsNamed } from '../git/git-writer.ts';
import type { RegistrySource } from '../source/registry-url.ts';
import { RegistryChecks } from './registry-checks.ts';
import type { RegistryLimits } from '../git/registry-limits.ts';
import type { ConfiguredRegistry, GitRegistry } from '../source/registry-source.ts';
import { readTree } from '../git/registry-tree.ts';
import { WorkingCopy } from '../working/working-copy.ts';

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
  /** Of the one ref that this process reads; null until it is asked. */
  private isTag: boolean | null = null;

  constructor(
    private readonly checks: RegistryChecks,
    private readonly working: WorkingCopy,
  ) {}

  /** Null when the registry is still at the commit that was read last and that this process has checked. */
  async read(
    registry: ConfiguredRegistry,
    place: MirrorPlace,
    options: ReadOptions,
  ): Promise<CheckedCommit | null> {
    return registry.kind === 'working'
      ? await this.working.read(registry.name, place.limits, options)
      : await this.readCommit(registry, place, options);
  }

  private async readCommit(
    registry: GitRegistry,
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
        : await findRewrite(mirror, {
            source,
            ref: registry.ref,
            from: before,
            isTag: await this.followsTag(source, registry.ref, { gitDir, limits }),
            commits,
          });
    await pin(gitDir, commit);
    const tree = await readTree(gitDir, { commit, folder: registry.folder }, limits);
    const checked = await this.checks.check(tree.files);
    return {
      commit,
      rewrite,
      templates: checked.templates.map((template) => ({ ...template, commit })),
      findings: [...tree.findings, ...checked.findings],
    };
  }

  /** Git takes a tag before a branch of the same name. Asked once: it is always the same ref. */
  private async followsTag(
    source: RegistrySource,
    ref: string,
    { gitDir, limits }: MirrorPlace,
  ): Promise<boolean> {
    this.isTag ??= (await refsNamed(gitDir, source, ref, limits.timeMs)).tag !== null;
    return this.isTag;
  }
}
