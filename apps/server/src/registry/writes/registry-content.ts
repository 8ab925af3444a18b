import { Injectable } from '@nestjs/common';

import { isCut } from '../git/git-commits.ts';
import { RegistryCopy } from './registry-copy.ts';
import { REGISTRY_LIMITS } from '../git/registry-limits.ts';
import type { FileMap } from './registry-change.ts';
import { RegistryRecords } from '../sync/registry-records.ts';
import { readTree } from '../git/registry-tree.ts';
import { checkedOut } from '../working/working-copy.ts';
import { readWorkingFolder } from '../working/working-folder.ts';

/** Files of the registry at the commit that is served. */
export interface ContentAtCommit {
  commit: string;
  files: FileMap;
}

/** Where the history of a registry can be read. */
export interface RegistryHistory {
  gitDir: string;
  /** The commit that is served, or checked out. */
  tip: string;
  /** Folder of the repository that is the registry; null: all of it. */
  folder: string | null;
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

  /** Runs work where the history of what is served lies, as far as it is looked at; null when there is none yet. */
  async withHistory<T>(work: (history: RegistryHistory) => Promise<T>): Promise<T | null> {
    if (this.copy.registry.kind === 'working') return historyOfWorkingCopy(this.copy.registry.name, work);
    const served = await this.#served();
    if (served === null) return null;
    const { ref, folder } = this.copy.repository;
    return this.copy.exclusively(async () => {
      const { commit, source } = await this.copy.have(served);
      const { gitDir, mirror } = this.copy;
      if (await isCut(gitDir, commit, DEEPEST))
        await mirror.transfer(source, [`--depth=${DEEPEST}`], `+${ref}:refs/registry/history`);
      return work({ gitDir, tip: commit, folder });
    });
  }

  async #served(): Promise<string | null> {
    return (await this.records.state(this.copy.registry))?.commit ?? null;
  }

  async #read(served: string, below: string[]): Promise<ContentAtCommit> {
    if (this.copy.registry.kind === 'working') return readBelow(this.copy.registry.name, served, below);
    const { folder } = this.copy.repository;
    return this.copy.exclusively(async () => {
      const { commit } = await this.copy.have(served);
      const { files } = await readTree(this.copy.gitDir, { commit, folder }, REGISTRY_LIMITS, below);
      return { commit, files };
    });
  }
}

async function historyOfWorkingCopy<T>(
  folder: string,
  work: (history: RegistryHistory) => Promise<T>,
): Promise<T | null> {
  const head = await checkedOut(folder);
  return head === null ? null : work({ gitDir: head.gitDir, tip: head.commit, folder: head.folder });
}

async function readBelow(root: string, commit: string, below: string[]): Promise<ContentAtCommit> {
  const { files } = await readWorkingFolder(root, REGISTRY_LIMITS);
  const wanted = [...files].filter(([path]) => below.some((prefix) => path.startsWith(prefix)));
  return { commit, files: new Map(wanted) };
}
