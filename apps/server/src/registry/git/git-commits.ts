import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readGit } from './git-objects.ts';

/** Who changed something, when, and what they said about it. */
export interface CommitFacts {
  commit: string;
  author: string;
  /** When it was made, ISO 8601 in UTC. */
  at: string;
  subject: string;
}

/** What `readCommits` reads. */
export const COMMIT_FORMAT = '--format=%H%x00%an%x00%at%x00%s';
const LONGEST_SUBJECT = 200;
const MOST_BYTES = 1024 * 1024;
const TIME_MS = 20_000;

/** Commits that changed a path, newest first, from `tip` back as far as the repository goes. */
export async function commitsOf(
  gitDir: string,
  { tip, path, skip, limit }: { tip: string; path: string; skip: number; limit: number },
): Promise<CommitFacts[]> {
  const range = [`--skip=${skip}`, `--max-count=${limit}`, '--no-show-signature', '--no-color'];
  const listed = await git(gitDir, [
    'log',
    '-z',
    COMMIT_FORMAT,
    ...range,
    tip,
    '--',
    `:(top,literal)${path}`,
  ]);
  return readCommits(listed);
}

/** Commits as `git log -z` gives them in `COMMIT_FORMAT`. */
export function readCommits(listed: Buffer): CommitFacts[] {
  const fields = listed.toString('utf8').split('\0');
  const commits: CommitFacts[] = [];
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [commit = '', author = '', seconds = '', subject = ''] = fields.slice(at, at + 4);
    commits.push({
      commit,
      author: plain(author),
      at: new Date(Number(seconds) * 1000).toISOString(),
      subject: plain(subject),
    });
  }
  return commits;
}

/** How a file changed between two commits, as a unified diff; empty when it did not. Throws `REGISTRY_TOO_BIG`. */
export async function diffOf(
  gitDir: string,
  { from, to, path }: { from: string; to: string; path: string },
): Promise<string> {
  const plainDiff = ['--no-ext-diff', '--no-textconv', '--no-color', '--no-renames', '--unified=3'];
  const shown = await git(gitDir, ['diff', ...plainDiff, from, to, '--', `:(top,literal)${path}`]);
  return shown.toString('utf8');
}

/** Whether a commit is part of the history that leads to another one. */
export async function leadsTo(gitDir: string, commit: string, tip: string): Promise<boolean> {
  try {
    await git(gitDir, ['merge-base', '--is-ancestor', commit, tip]);
    return true;
  } catch {
    return false;
  }
}

/** Whether there may be more history behind a commit than the repository has, and less of it here than `most` commits. */
export async function isCut(gitDir: string, commit: string, most: number): Promise<boolean> {
  const cuts = await readFile(join(gitDir, 'shallow'), 'utf8').catch(() => '');
  if (cuts === '') return false;
  const count = await git(gitDir, ['rev-list', '--count', `--max-count=${most}`, commit, '--']);
  return Number(count.toString('latin1')) < most;
}

function git(gitDir: string, args: string[]): Promise<Buffer> {
  return readGit(gitDir, args, { maxBytes: MOST_BYTES, signal: AbortSignal.timeout(TIME_MS) });
}

/** What people wrote into a commit, without what would turn the text around it or act on a terminal. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').slice(0, LONGEST_SUBJECT);
}
