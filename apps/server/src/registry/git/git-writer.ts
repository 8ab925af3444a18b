import { randomUUID } from 'node:crypto';

import { StagewrightError } from '@stagewright/engine';
import type { Actor, Instant } from '@stagewright/engine';

import { askGit } from './ask-git.ts';
import { data, fastImport, quoted } from './fast-import.ts';
import { gitConfig } from './git-environment.ts';
import { asUnreachable, gitAt } from './git-mirror.ts';
import { plainLine } from './git-objects.ts';
import type { RegistrySource } from '../source/registry-url.ts';
import { unreachable } from '../registry.errors.ts';
import { checkedOut, pushRefused } from '../writes/registry-writes.errors.ts';

const COMMITTER = 'Stagewright <registry@stagewright.invalid>';
const COMMIT = /^[0-9a-f]{40}$/;

/** Who a commit is by. Neither part can end the line that it stands in. */
export interface Author {
  name: string;
  email: string;
}

/** A commit on top of another one. */
export interface CommitPlan {
  parent: string;
  /** Folder of the repository that is the registry; null: all of it. */
  folder: string | null;
  /** Registry paths of files and folders that go. */
  remove: string[];
  /** Registry path -> text. */
  put: ReadonlyMap<string, string>;
  author: Author;
  message: string;
  at: Instant;
}

export interface Push {
  commit: string;
  branch: string;
  /** What the branch must be at; null: it must not exist yet. */
  was: string | null;
}

/** The address is one that never receives mail: what a server knows of a person is an id. */
export function authorOf(actor: Actor): Author {
  const name =
    actor.id
      .replace(/[^\p{L}\p{N} ._@+-]/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 100) || 'unknown';
  const mailbox =
    name
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9._+-]+/g, '-')
      .replace(/^[-.]+|[-.]+$/g, '') || 'unknown';
  return { name, email: `${mailbox}@users.noreply.stagewright.invalid` };
}

/** Makes a commit in the bare repository, under no branch; gives its id. Nothing is checked out, and no hook runs. */
export async function writeCommit(gitDir: string, plan: CommitPlan): Promise<string> {
  const ref = `refs/writes/${randomUUID()}`;
  try {
    const commit = await fastImport(gitDir, importStream(ref, plan));
    if (!COMMIT.test(commit)) throw unreachable('git gave no id for a new commit.');
    return commit;
  } finally {
    // The objects stay until they are pushed: nothing collects garbage here.
    await askGit(gitDir, 'update-ref', '-d', ref).catch(() => undefined);
  }
}

function importStream(ref: string, { parent, folder, remove, put, author, message, at }: CommitPlan): Buffer {
  const inFolder = (path: string): string => quoted(folder === null ? path : `${folder}/${path}`);
  const when = `${Math.floor(Date.parse(at) / 1000)} +0000`;
  return Buffer.concat([
    Buffer.from(`commit ${ref}\nmark :1\nauthor ${author.name} <${author.email}> ${when}\n`),
    Buffer.from(`committer ${COMMITTER} ${when}\n`),
    data(Buffer.from(`${message}\n`)),
    Buffer.from(`from ${parent}\n`),
    ...remove.map((path) => Buffer.from(`D ${inFolder(path)}\n`)),
    ...[...put].flatMap(([path, text]) => [
      Buffer.from(`M 100644 inline ${inFolder(path)}\n`),
      data(Buffer.from(text, 'utf8')),
    ]),
    Buffer.from('get-mark :1\ndone\n'),
  ]);
}

/**
 * Sets a branch of the source to a commit, if it is still where it was; `moved`, and nothing, when it is not. Throws
 * `REGISTRY_CHECKED_OUT`, `REGISTRY_WRITE_REFUSED` or `REGISTRY_UNREACHABLE`.
 */
export async function pushCommit(
  gitDir: string,
  source: RegistrySource,
  push: Push,
  timeMs: number,
): Promise<'pushed' | 'moved'> {
  const ref = `refs/heads/${push.branch}`;
  const options = ['--porcelain', '--no-verify', '--no-follow-tags', '--no-recurse-submodules'];
  const lease = `--force-with-lease=${ref}:${push.was ?? ''}`;
  const git = gitAt(gitDir, gitConfig(source.protocol), { source, signal: AbortSignal.timeout(timeMs) });
  try {
    await git.raw([
      'push',
      ...options,
      lease,
      ...receivingEnd(source),
      '--end-of-options',
      source.url,
      `${push.commit}:${ref}`,
    ]);
    return 'pushed';
  } catch (error) {
    const outcome = outcomeOf(error, push.branch);
    if (outcome === 'moved') return outcome;
    // Nobody said no: the connection broke, or took too long, maybe after the branch was set.
    const present = await refsNamed(gitDir, source, push.branch, timeMs).catch(() => null);
    if (present?.branch === push.commit) return 'pushed';
    throw asUnreachable(error);
  }
}

/** On this machine the other end is ours as well: no hook of the repository runs there either. */
function receivingEnd(source: RegistrySource): string[] {
  if (source.protocol !== 'file') return [];
  const config = [...gitConfig('file'), 'receive.autogc=false'].flatMap((entry) => ['-c', entry]);
  return [`--receive-pack=git ${config.join(' ')} receive-pack`];
}

const MOVED =
  /\[rejected\]|stale info|cannot lock ref|failed to update ref|incorrect old value|fetch first|non-fast-forward|reference already exists/i;
const CHECKED_OUT = /branch is currently checked out|refusing to update checked out branch/i;
const REFUSED =
  /\[remote rejected\]|denied|permission|not authorized|authentication failed|could not read (?:username|password)|error: 40[13]|read-only|unpacker error/i;

function outcomeOf(error: unknown, branch: string): 'moved' | 'unknown' {
  if (error instanceof StagewrightError) throw error;
  const said = error instanceof Error ? error.message : '';
  if (CHECKED_OUT.test(said)) throw checkedOut(branch);
  if (MOVED.test(said)) return 'moved';
  if (REFUSED.test(said)) throw pushRefused(branch, reasonOf(said));
  return 'unknown';
}

/** What the other end says in brackets tells more than the line that Git ends with. */
function reasonOf(said: string): string {
  const rejected = /\[remote rejected\] \(([^)\n]{1,200})\)/.exec(said)?.[1];
  return plainLine(rejected ?? said);
}

/** Where the branch and the tag of a name are in the source; null for what is not there. Throws `REGISTRY_UNREACHABLE`. */
export async function refsNamed(
  gitDir: string,
  source: RegistrySource,
  name: string,
  timeMs: number,
): Promise<{ branch: string | null; tag: string | null }> {
  const [branch, tag] = [`refs/heads/${name}`, `refs/tags/${name}`];
  const git = gitAt(gitDir, gitConfig(source.protocol), { source, signal: AbortSignal.timeout(timeMs) });
  try {
    const listed = await git.raw([
      'ls-remote',
      '--quiet',
      '--refs',
      '--end-of-options',
      source.url,
      branch,
      tag,
    ]);
    const at = new Map(listed.split('\n').map((line) => [line.split('\t')[1], line.split('\t')[0] ?? null]));
    return { branch: at.get(branch) ?? null, tag: at.get(tag) ?? null };
  } catch (error) {
    throw asUnreachable(error);
  }
}
