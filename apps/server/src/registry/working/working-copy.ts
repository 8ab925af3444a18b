import { lstatSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

import { Inject, Injectable } from '@nestjs/common';
import type { ActionCatalog } from '@stagewright/engine/template';
import type { Digest } from '@stagewright/engine';

import { ACTION_REGISTRY } from '../../runs/engine.tokens.ts';
import { askGit } from '../git/ask-git.ts';
import { digestOfFiles } from '../sync/files-digest.ts';
import { RegistryChecks } from '../sync/registry-checks.ts';
import type { CheckedCommit, CheckedTemplate } from '../sync/checked-commit.ts';
import type { RegistryLimits } from '../git/registry-limits.ts';
import { readTree } from '../git/registry-tree.ts';
import type { RegistryTree } from '../git/registry-tree.ts';
import { readWorkingFolder } from './working-folder.ts';

/** How a revision is called that is in no commit: this, and the beginning of a digest of the files. */
export const WORKTREE = 'worktree+';
const DIGEST_LENGTH = 12;

interface Committed {
  commit: string;
  tree: RegistryTree;
}

/** A working copy, checked: templates that are as in the commit that is checked out belong to it, all others to `worktree+<digest>`. */
@Injectable()
export class WorkingCopy {
  private readonly committedChecks: RegistryChecks;

  constructor(
    @Inject(ACTION_REGISTRY) catalog: ActionCatalog,
    private readonly checks: RegistryChecks,
  ) {
    this.committedChecks = new RegistryChecks(catalog);
  }

  /** Null when the files are those that this process checked last. Throws `REGISTRY_TOO_BIG`. */
  async read(
    folder: string,
    limits: RegistryLimits,
    known: { before: string | null; checked: string | null },
  ): Promise<CheckedCommit | null> {
    const tree = await readWorkingFolder(folder, limits);
    const head = await committed(folder, limits);
    const commit =
      head !== null && sameFiles(tree.files, head.tree.files) ? head.commit : editedCommit(tree, head);
    if (commit === known.before && commit === known.checked) return null;
    const checked = await this.checks.check(tree.files);
    const there = head === null ? new Map<string, Digest>() : await this.digestsAt(head);
    const templates = checked.templates.map((template): CheckedTemplate => {
      const isCommitted = template.plan !== null && there.get(template.name) === template.plan.digest;
      return { ...template, commit: isCommitted && head !== null ? head.commit : commit };
    });
    return { commit, rewrite: null, templates, findings: [...tree.findings, ...checked.findings] };
  }

  /** Revisions of the commit that is checked out: a template may be as there, whatever else of its folder was edited. */
  private async digestsAt({ tree }: Committed): Promise<Map<string, Digest>> {
    const { templates } = await this.committedChecks.check(tree.files);
    return new Map(templates.flatMap(({ name, plan }) => (plan === null ? [] : [[name, plan.digest]])));
  }
}

/** The commit beneath is part of the name: when some of the edits are committed, the rest are others. */
function editedCommit({ files }: RegistryTree, head: Committed | null): string {
  const beneath = ['.git/HEAD', Buffer.from(head?.commit ?? '')] as const;
  return WORKTREE + digestOfFiles([...files, beneath]).slice(0, DIGEST_LENGTH);
}

/** What the commit has that is checked out; null when that has nothing of the folder. */
async function committed(path: string, limits: RegistryLimits): Promise<Committed | null> {
  const head = await checkedOut(path);
  if (head === null) return null;
  const { gitDir, commit, folder } = head;
  try {
    return { commit, tree: await readTree(gitDir, { commit, folder }, limits) };
  } catch {
    // The folder is in no commit yet: then everything is new.
    return null;
  }
}

/** The commit that is checked out where a folder is, and which folder of it that is; null in no repository, and before its first commit. */
export async function checkedOut(
  path: string,
): Promise<{ gitDir: string; commit: string; folder: string | null } | null> {
  const repository = findRepository(path);
  if (repository === null) return null;
  const { gitDir, root } = repository;
  const inside = relative(root, path).split(sep).join('/');
  try {
    const commit = await askGit(
      gitDir,
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      'HEAD^{commit}',
    );
    return { gitDir, commit, folder: inside === '' ? null : inside };
  } catch {
    return null;
  }
}

/** The Git directory of a working copy, also where `.git` is a file that names it. */
export function findRepository(folder: string): { gitDir: string; root: string } | null {
  for (let root = folder; ; root = dirname(root)) {
    const place = join(root, '.git');
    const stat = lstatSync(place, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) return { gitDir: place, root };
    if (stat?.isFile() === true) {
      const named = /^gitdir: (.+)$/m.exec(readFileSync(place, 'utf8'))?.[1];
      return named === undefined ? null : { gitDir: resolve(root, named), root };
    }
    if (root === dirname(root)) return null;
  }
}

function sameFiles(a: ReadonlyMap<string, Uint8Array>, b: ReadonlyMap<string, Uint8Array>): boolean {
  if (a.size !== b.size) return false;
  for (const [path, bytes] of a) {
    const other = b.get(path);
    if (other === undefined || Buffer.compare(bytes, other) !== 0) return false;
  }
  return true;
}
