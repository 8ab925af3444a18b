import { join } from 'node:path';

import { Inject, Injectable } from '@nestjs/common';
import { StagewrightError } from '@stagewright/engine';

import { SETTINGS } from '../../config/index.ts';
import type { Settings } from '../../config/index.ts';
import { COMMIT_FORMAT, readCommits } from './git-commits.ts';
import type { CommitFacts } from './git-commits.ts';
import { readGit } from './git-objects.ts';

const MOST_COMMITS = 200;
/** Bytes for each commit: a subject may be as long as its author likes. */
const MOST_BYTES = 64 * 1024;
const PATIENCE_MS = 10_000;

/** Who made the commits of the registry, when and what for, as far as the mirror of this process has them. */
@Injectable()
export class CommitLog {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** By commit. One that the mirror does not have is left out: it may have come from another server, or be gone. */
  async of(commits: readonly string[]): Promise<Map<string, CommitFacts>> {
    const asked = [...new Set(commits)]
      .filter((commit) => /^[0-9a-f]{40}$/.test(commit))
      .slice(0, MOST_COMMITS);
    const present = asked.length === 0 ? [] : await this.present(asked);
    if (present.length === 0) return new Map();
    const listed = await this.read(['log', '--no-walk=unsorted', '-z', COMMIT_FORMAT, '--stdin'], present);
    return new Map(readCommits(listed).map((facts) => [facts.commit, facts]));
  }

  /** Those of them whose objects are there. A mirror holds little history, and may not be there yet. */
  private async present(commits: string[]): Promise<string[]> {
    const answer = await this.read(['cat-file', '--batch-check=%(objectname) %(objecttype)'], commits);
    const lines = answer.toString('latin1').split('\n');
    return lines.flatMap((line) => (line.endsWith(' commit') ? [line.slice(0, 40)] : []));
  }

  private async read(args: string[], commits: string[]): Promise<Buffer> {
    const gitDir = join(this.settings.dataDir, 'registry.git');
    const options = {
      input: commits.map((commit) => `${commit}\n`).join(''),
      maxBytes: MOST_BYTES * commits.length,
      signal: AbortSignal.timeout(PATIENCE_MS),
    };
    try {
      return await readGit(gitDir, args, options);
    } catch (error) {
      // There is no mirror in this process: what Git would say is not known, and nothing else depends on it.
      if (error instanceof StagewrightError && error.code === 'REGISTRY_UNREACHABLE') return Buffer.alloc(0);
      throw error;
    }
  }
}
