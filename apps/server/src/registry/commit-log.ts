import { join } from 'node:path';

import { Inject, Injectable } from '@nestjs/common';
import { StagewrightError } from '@stagewright/engine';

import { SETTINGS } from '../config/index.ts';
import type { Settings } from '../config/index.ts';
import { readGit } from './git-objects.ts';

/** What Git says of a commit. */
export interface CommitFacts {
  author: string;
  /** When its author made it, as Git has it: ISO 8601 with an offset. */
  date: string;
  subject: string;
}

const MOST_COMMITS = 200;
/** Bytes for each commit: a subject may be as long as its author likes, and is cut. */
const MOST_BYTES = 64 * 1024;
const PATIENCE_MS = 10_000;
const LONGEST = { author: 100, subject: 200 };

/** Who made the commits of the registry, when and what for, as far as the mirror of this process has them. */
@Injectable()
export class CommitLog {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** By commit. One that the mirror does not have is left out: it may have come from another server, or be gone. */
  async of(commits: readonly string[]): Promise<Map<string, CommitFacts>> {
    const asked = [...new Set(commits)]
      .filter((commit) => /^[0-9a-f]{40}$/.test(commit))
      .slice(0, MOST_COMMITS);
    if (asked.length === 0) return new Map();
    const present = await this.present(asked);
    if (present.length === 0) return new Map();
    const output = await this.read(
      ['log', '--no-walk=unsorted', '-z', '--format=%H%x1f%an%x1f%aI%x1f%s', '--stdin'],
      present,
    );
    return new Map(output.split('\0').flatMap(entryOf));
  }

  /** Those of them whose objects are there. A mirror is one commit deep, and may not be there yet. */
  private async present(commits: string[]): Promise<string[]> {
    const answer = await this.read(['cat-file', '--batch-check=%(objectname) %(objecttype)'], commits);
    return answer.split('\n').flatMap((line) => (line.endsWith(' commit') ? [line.slice(0, 40)] : []));
  }

  private async read(args: string[], commits: string[]): Promise<string> {
    const gitDir = join(this.settings.dataDir, 'registry.git');
    const options = {
      input: commits.map((commit) => `${commit}\n`).join(''),
      maxBytes: MOST_BYTES * commits.length,
      signal: AbortSignal.timeout(PATIENCE_MS),
    };
    try {
      return (await readGit(gitDir, args, options)).toString('utf8');
    } catch (error) {
      // There is no mirror in this process: what Git would say is not known, and nothing else depends on it.
      if (error instanceof StagewrightError && error.code === 'REGISTRY_UNREACHABLE') return '';
      throw error;
    }
  }
}

function entryOf(text: string): Array<[string, CommitFacts]> {
  const [commit = '', author = '', date = '', subject = ''] = text.trim().split('\u001f');
  if (!/^[0-9a-f]{40}$/.test(commit)) return [];
  return [
    [commit, { author: plain(author, LONGEST.author), date, subject: plain(subject, LONGEST.subject) }],
  ];
}

/** Whoever commits chooses these words: nothing in them may hide, or turn the text around it. */
function plain(text: string, most: number): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, ' ').slice(0, most);
}
