import { Injectable } from '@nestjs/common';

import { isCut } from './git-commits.ts';
import { RegistryCopy } from './registry-copy.ts';
import { REGISTRY_LIMITS } from './registry-limits.ts';
import type { FileMap } from './registry-change.ts';
import { RegistryRecords } from './registry-records.ts';
import { readTree } from './registry-tree.ts';

/** Files of the registry at the commit that is served. */
export interface ContentAtCommit {
  commit: string;
  files: FileMap;
}

/** Commits of history that are looked at. */
const DEEPEST = 1_000;
/** What templates share: small, and asked for often. */
const SHARED = ['prompts/', 'stages/'];

/** Texts of the registry, for those who look at them. Every server has them from its own copy. */
@Injectable()
export class RegistryContent {
  /** What was read last, for the commit that was served then. */
  private shared: { served: string; content: ContentAtCommit } | null = null;

  constructor(
    private readonly copy: RegistryCopy,
    private readonly records: RegistryRecords,
  ) {}

  /** Files below a folder (`templates/ebook/`); null before the first sync. Throws as `RegistryCopy.have` does. */
  async under(folder: string): Promise<ContentAtCommit | null> {
    const served = await this.#served();
    return served === null ? null : this.#read(served, [folder]);
  }

  /** Shared prompts and stages; null before the first sync. Throws as `RegistryCopy.have` does. */
  async sharedFiles(): Promise<ContentAtCommit | null> {
    const served = await this.#served();
    if (served === null) return null;
    if (this.shared?.served !== served) this.shared = { served, content: await this.#read(served, SHARED) };
    return this.shared.content;
  }

  /** Runs work on the copy, where the history of the served commit lies as far as it is looked at; null before the first sync. */
  async withHistory<T>(work: (gitDir: string, tip: string) => Promise<T>): Promise<T | null> {
    const served = await this.#served();
    if (served === null) return null;
    return this.copy.exclusively(async () => {
      const { commit, source } = await this.copy.have(served);
      const { gitDir, mirror, registry } = this.copy;
      if (await isCut(gitDir, commit, DEEPEST))
        await mirror.transfer(source, [`--depth=${DEEPEST}`], `+${registry.ref}:refs/registry/history`);
      return work(gitDir, commit);
    });
  }

  async #served(): Promise<string | null> {
    return (await this.records.state(this.copy.registry))?.commit ?? null;
  }

  #read(served: string, folders: string[]): Promise<ContentAtCommit> {
    return this.copy.exclusively(async () => {
      const { commit } = await this.copy.have(served);
      const { files } = await readTree(this.copy.gitDir, commit, REGISTRY_LIMITS, folders);
      return { commit, files };
    });
  }
}
