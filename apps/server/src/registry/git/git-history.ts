import type { GitMirror } from './git-mirror.ts';
import { readGit } from './git-objects.ts';
import type { RegistrySource } from '../source/registry-url.ts';

const HISTORY = 'refs/registry/history';
/** Commits of history that are looked at before a commit counts as gone. */
const DEEPEST = 2_000;
const DAY_SECONDS = 86_400;

/** The commit that was read last is no longer in the history of the ref, or the ref is a tag, which should never move. */
export interface Rewrite {
  from: string;
  isTag: boolean;
  /** Those of the commits asked for that are gone with it. */
  lost: string[];
}

export interface HistoryQuestion {
  source: RegistrySource;
  ref: string;
  /** Commit that was read last. */
  from: string;
  /** The ref is a tag. */
  isTag: boolean;
  /** Commits that revisions are filed under: asked for once it is clear that history was rewritten. */
  commits: () => Promise<string[]>;
}

/**
 * Whether the ref moved on from a commit or was moved away from it. A mirror is one commit deep, so some history is
 * fetched to see: little of it when the ref moved on. Null: a branch moved on.
 */
export async function findRewrite(mirror: GitMirror, question: HistoryQuestion): Promise<Rewrite | null> {
  const { source, ref, from, isTag, commits } = question;
  const { gitDir } = mirror;
  const forward = isTag ? { from, isTag, lost: [] } : null;
  if (await movedOn(mirror, question)) return forward;
  await mirror.transfer(source, [`--depth=${DEEPEST}`], `+${ref}:${HISTORY}`);
  if (await holds(gitDir, from)) return forward;
  const asked = [...new Set([from, ...(await commits())])];
  const gone: string[] = [];
  for (const commit of asked) {
    if (!(await holds(gitDir, commit))) gone.push(commit);
  }
  return { from, isTag, lost: (await isComplete(gitDir)) ? gone : [from] };
}

/** The usual case, for the price of the commits since: those are all that is fetched. */
async function movedOn(mirror: GitMirror, { source, ref, from }: HistoryQuestion): Promise<boolean> {
  const at = await git(mirror.gitDir, ['log', '-1', '--format=%ct', from, '--']);
  if (at === null) return false;
  try {
    await mirror.transfer(source, [`--shallow-since=${Number(at) - DAY_SECONDS}`], `+${ref}:${HISTORY}`);
  } catch {
    // Git refuses when there is no commit so new: the ref was moved back. The deeper look decides, and may fail.
    return false;
  }
  return holds(mirror.gitDir, from);
}

async function holds(gitDir: string, commit: string): Promise<boolean> {
  return (await git(gitDir, ['merge-base', '--is-ancestor', commit, HISTORY])) !== null;
}

/** With less history than was asked for, all of it is there. */
async function isComplete(gitDir: string): Promise<boolean> {
  const count = await git(gitDir, ['rev-list', '--count', HISTORY, '--']);
  return count !== null && Number(count) < DEEPEST;
}

/**
 * Gives a commit that was read a ref of our own, so that its objects stay in the mirror when its branch or tag goes elsewhere. What runs need of it
 * is in the database besides: nothing hangs on a mirror that is made anew.
 */
export async function pin(gitDir: string, commit: string): Promise<void> {
  await readGit(gitDir, ['update-ref', `refs/pins/${commit}`, commit], { maxBytes: 4_096 });
}

/** Null: Git said no. */
async function git(gitDir: string, args: string[]): Promise<string | null> {
  try {
    return (await readGit(gitDir, args, { maxBytes: 4_096 })).toString('utf8').trim();
  } catch {
    return null;
  }
}
