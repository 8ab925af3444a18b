import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { Inject, Injectable } from '@nestjs/common';

import { SETTINGS } from '../../config/index.ts';
import type { Settings } from '../../config/index.ts';
import { GitMirror } from '../git/git-mirror.ts';
import { askGit } from '../git/ask-git.ts';
import { ensureBare } from '../git/ensure-bare.ts';
import { REGISTRY_LIMITS } from '../git/registry-limits.ts';
import { configuredRegistry } from '../source/registry-source.ts';
import type { ConfiguredRegistry, GitRegistry } from '../source/registry-source.ts';
import type { RegistrySource } from '../source/registry-url.ts';
import { registryReadOnly, tooManyWriters } from './registry-writes.errors.ts';

/** Looks at a lock of another process before it counts as left behind. */
const MOST_TRIES = 15;
const LONGEST_PAUSE_MS = 150;
const LOCKED = /\.lock'|cannot lock ref|shallow file has changed/i;
/** A copy only grows: it is looked at once in so many fetches. */
const TRIMMED_EACH = 200;
/** Requests that may wait for the copy. Each takes a bounded time, so the last of them waits no longer than all. */
const MOST_WAITING = 200;

/**
 * A bare copy of the registry for what requests ask of Git: texts of prompts, history, commits to be pushed. It is not the
 * mirror that is synced from, so that neither waits for the other's locks; a server without a copy fetches one.
 */
@Injectable()
export class RegistryCopy {
  readonly gitDir: string;
  readonly registry: ConfiguredRegistry;
  readonly mirror: GitMirror;
  private waiting = 0;
  private fetches = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(@Inject(SETTINGS) settings: Settings) {
    this.gitDir = join(settings.dataDir, 'registry-copy.git');
    this.registry = configuredRegistry(settings);
    this.mirror = new GitMirror(this.gitDir, REGISTRY_LIMITS);
  }

  /** The repository behind it. Throws `REGISTRY_READ_ONLY` for a working copy, which somebody edits by hand. */
  get repository(): GitRegistry {
    if (this.registry.kind === 'working') throw registryReadOnly('it is a working copy: edit its files');
    return this.registry;
  }

  /** One after the other, in the order of asking. Throws `REGISTRY_CONTENDED` when too many wait. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    if (this.waiting >= MOST_WAITING) throw tooManyWriters();
    this.waiting += 1;
    const mine = this.last.then(work, work);
    this.last = mine.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await mine;
    } finally {
      this.waiting -= 1;
    }
  }

  /**
   * Sees to it that the copy has a commit, or at least the present one of the ref; gives the one that it has. Only within
   * `exclusively`. Throws `REGISTRY_UNREACHABLE`, `REGISTRY_TOO_BIG` or `DISK_FULL`.
   */
  async have(commit: string): Promise<{ commit: string; source: RegistrySource }> {
    await ensureBare(this.gitDir);
    const source = await this.repository.open();
    if (await this.#holds(commit)) return { commit, source };
    const fetched = await this.fetch(source, this.registry.ref);
    return { commit: (await this.#holds(commit)) ? commit : fetched, source };
  }

  /**
   * Brings a ref over, one commit deep, and gives the commit's id. Other servers may work on the same copy: it goes to a ref
   * of its own, and a lock of theirs is waited for. Throws as `GitMirror.fetch` does.
   */
  async fetch(source: RegistrySource, ref: string): Promise<string> {
    this.fetches += 1;
    // Now and then by the longer way, which makes a copy anew that has grown large.
    for (let tries = 0; tries < MOST_TRIES && this.fetches % TRIMMED_EACH !== 0; tries += 1) {
      try {
        return await this.#fetchAside(source, ref);
      } catch (error) {
        if (!(error instanceof Error) || !LOCKED.test(error.message)) throw error;
      }
      await pause(LONGEST_PAUSE_MS * (0.2 + 0.8 * Math.random()));
    }
    return this.mirror.fetch(source, ref);
  }

  async #fetchAside(source: RegistrySource, ref: string): Promise<string> {
    const own = `refs/aside/${randomUUID()}`;
    await this.mirror.transfer(source, ['--depth=1'], `+${ref}:${own}`);
    const commit = await askGit(this.gitDir, 'rev-parse', '--verify', `${own}^{commit}`);
    await askGit(this.gitDir, 'update-ref', '-d', own);
    return commit;
  }

  async #holds(commit: string): Promise<boolean> {
    try {
      await askGit(this.gitDir, 'cat-file', '-e', `${commit}^{tree}`);
      return true;
    } catch {
      return false;
    }
  }
}
