import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StagewrightError } from '@stagewright/engine';
import { simpleGit } from 'simple-git';
import type { SimpleGit } from 'simple-git';

import { FIXED_BY_US, GIT_VARIABLES, gitConfig, gitEnvironment } from './git-environment.ts';
import { plainLine } from './git-objects.ts';
import type { RegistryLimits } from './registry-limits.ts';
import type { RegistrySource } from '../source/registry-url.ts';
import { mirrorDiskFull, tooBig, unreachable } from '../registry.errors.ts';

const HEAD = 'refs/registry/head';
const COMMIT = /^[0-9a-f]{40}$/;
const WATCH_MS = 200;
/** A mirror is a cache: one that has grown past this many transfers is made anew. */
const STALE_TRANSFERS = 5;
/** Longer than a quick fetch of another process, which holds the same locks. */
const OTHER_PROCESS_MS = 1_000;
/** What Git says when its own repository is in its way, and not the one that it fetches from. */
const DAMAGED =
  /\.lock'|not a git repository|bad object|corrupt|unable to read|invalid sha1 pointer|missing (?:blob|tree|commit)/i;

/** What the system says of a disk without room, through Git or to us. */
const NO_ROOM = /No space left on device|ENOSPC|Disk quota exceeded|EDQUOT/i;

/** A bare repository that holds the objects of a registry: fetched into, read from, never checked out. */
export class GitMirror {
  constructor(
    readonly gitDir: string,
    private readonly limits: RegistryLimits,
  ) {}

  /**
   * Brings the ref over, one commit deep, and gives the commit's id. Throws `REGISTRY_UNREACHABLE`,
   * `REGISTRY_TOO_BIG` or `DISK_FULL`; what was there before stays readable.
   */
  async fetch(source: RegistrySource, ref: string): Promise<string> {
    await this.#prepare().catch((error: unknown) => {
      throw asUnreachable(error);
    });
    try {
      return await this.#fetchHead(source, ref);
    } catch (error) {
      if (!isDamaged(error)) throw error;
    }
    // Either another process reads the same registry now, or one was killed over it and left its locks, or half a mirror.
    await pause(OTHER_PROCESS_MS);
    try {
      return await this.#fetchHead(source, ref);
    } catch (error) {
      if (!isDamaged(error)) throw error;
      await this.#makeAnew();
      return await this.#fetchHead(source, ref);
    }
  }

  async #fetchHead(source: RegistrySource, ref: string): Promise<string> {
    await this.transfer(source, ['--depth=1'], `+${ref}:${HEAD}`);
    try {
      const verified = await this.#git(source).raw([
        'rev-parse',
        '--verify',
        '--quiet',
        '--end-of-options',
        `${HEAD}^{commit}`,
      ]);
      const commit = verified.trim();
      if (!COMMIT.test(commit)) throw unreachable('the ref names no commit.');
      return commit;
    } catch (error) {
      throw asUnreachable(error);
    }
  }

  /** One fetch, within the limits of time and bytes. Throws as `fetch` does. */
  async transfer(source: RegistrySource, reach: string[], refspec: string): Promise<void> {
    const guard = new AbortController();
    const timer = setTimeout(
      () => guard.abort(unreachable(`it took longer than ${this.limits.timeMs} ms.`)),
      this.limits.timeMs,
    );
    const before = await sizeOf(this.gitDir);
    const unwatch = this.#watchSize(guard, before);
    try {
      const git = this.#git(source, guard.signal);
      const options = [
        '--quiet',
        '--no-tags',
        ...reach,
        '--no-write-fetch-head',
        '--no-recurse-submodules',
        '--end-of-options',
      ];
      await git.raw(['fetch', ...options, source.url, refspec]);
      // A quick fetch may end between two looks.
      if ((await sizeOf(this.gitDir)) - before > this.limits.transferBytes) throw this.#transferTooBig();
    } catch (error) {
      throw guard.signal.aborted ? (guard.signal.reason as Error) : asUnreachable(error);
    } finally {
      clearTimeout(timer);
      unwatch();
    }
  }

  async #prepare(): Promise<void> {
    const exists = existsSync(join(this.gitDir, 'HEAD'));
    if (exists && (await sizeOf(this.gitDir)) < this.limits.transferBytes * STALE_TRANSFERS) return;
    await this.#makeAnew();
  }

  /** A mirror is a cache: what is not in it any more is fetched when it is needed. */
  async #makeAnew(): Promise<void> {
    await rm(this.gitDir, { recursive: true, force: true });
    await initBare(this.gitDir);
  }

  #git(source: RegistrySource, signal?: AbortSignal): SimpleGit {
    return gitAt(
      this.gitDir,
      gitConfig(source.protocol),
      signal === undefined ? { source } : { source, signal },
    );
  }

  #transferTooBig(): Error {
    return tooBig(`a sync brought more than ${this.limits.transferBytes} bytes`);
  }

  /** Git has no limit for a fetch of its own, so the folder is measured while it grows. */
  #watchSize(guard: AbortController, before: number): () => void {
    const timer = setInterval(() => {
      void sizeOf(this.gitDir).then((now) => {
        if (now - before > this.limits.transferBytes) guard.abort(this.#transferTooBig());
      });
    }, WATCH_MS);
    return () => clearInterval(timer);
  }
}

/** An empty bare repository without the system's template files, which could bring hooks. */
export async function initBare(gitDir: string): Promise<void> {
  await mkdir(gitDir, { recursive: true, mode: 0o700 });
  await gitAt(gitDir, gitConfig()).raw(['init', '--quiet', '--bare', '--template=', '--initial-branch=main']);
}

/** simple-git on a bare repository, with our configuration and environment alone. */
export function gitAt(
  gitDir: string,
  config: string[],
  use: { source?: RegistrySource; signal?: AbortSignal } = {},
): SimpleGit {
  const options = {
    baseDir: gitDir,
    config,
    allowEnvironment: GIT_VARIABLES,
    unsafe: { ...FIXED_BY_US, allowUnsafeTemplateDir: true, allowUnsafePack: true },
  };
  return simpleGit(use.signal === undefined ? options : { ...options, abort: use.signal }).env(
    gitEnvironment(use.source),
  );
}

function isDamaged(error: unknown): boolean {
  return error instanceof Error && DAMAGED.test(error.message);
}

function pause(ms: number): Promise<void> {
  return new Promise((later) => setTimeout(later, ms));
}

/** What went wrong with Git, as an error of the registry. */
export function asUnreachable(error: unknown): Error {
  if (error instanceof StagewrightError) return error;
  if (error instanceof Error && NO_ROOM.test(error.message)) return mirrorDiskFull();
  const reason = error instanceof Error ? plainLine(error.message) : '';
  return unreachable(reason === '' ? 'git failed without a word.' : reason);
}

/** Bytes of all files below a folder; what vanishes while it is measured counts nothing. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map((file) =>
      lstat(join(file.parentPath, file.name)).then(
        (stat) => stat.size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
