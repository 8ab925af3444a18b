import { Inject, Injectable } from '@nestjs/common';
import type { Finding, Plan } from '@stagewright/engine';
import { checkRegistry, filesFromMap } from '@stagewright/engine/template';
import type { ActionCatalog } from '@stagewright/engine/template';

import { ACTION_REGISTRY } from '../runs/engine.tokens.ts';
import { GitMirror } from './git-mirror.ts';
import type { RegistryLimits } from './registry-limits.ts';
import type { ConfiguredRegistry } from './registry-source.ts';
import { readTree } from './registry-tree.ts';

/** A commit of a registry, checked aside: nothing of it serves yet. */
export interface CheckedCommit {
  commit: string;
  templates: Array<{ name: string; plan: Plan | null; findings: Finding[] }>;
  findings: Finding[];
}

/** Fetch, read, check: from a registry's address to compiled templates. */
@Injectable()
export class RegistryReader {
  constructor(@Inject(ACTION_REGISTRY) private readonly catalog: ActionCatalog) {}

  async read(registry: ConfiguredRegistry, gitDir: string, limits: RegistryLimits): Promise<CheckedCommit> {
    const commit = await new GitMirror(gitDir, limits).fetch(await registry.open(), registry.ref);
    const tree = await readTree(gitDir, commit, limits);
    const checked = checkRegistry(filesFromMap(tree.files), this.catalog);
    return {
      commit,
      templates: checked.templates,
      findings: [...tree.findings, ...checked.findings],
    };
  }
}
