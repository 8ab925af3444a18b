import { filesFromMap } from '@stagewright/engine/template';
import type { RegistryFiles } from '@stagewright/engine/template';
import { gitFailed, registryTooBig } from '../cli.errors.ts';
import { MOST_BYTES, MOST_FILES } from '../registry/folder-files.ts';
import { readGit } from './read-git.ts';
import type { Repository } from './repository.ts';

interface TreeEntry {
  id: string;
  size: number;
  path: string;
}

/** Longest line of `ls-tree`: Git's own limit of a path is 4,096 bytes. */
const LONGEST_LINE = 4_200;
const LINE = /^(\d{6}) (\w+) ([0-9a-f]{40,64}) +(\d+|-)\t(.+)$/s;

/**
 * The files of a registry at a commit, from Git's objects: nothing is checked out. Links, submodules and other special
 * entries are left out, as on the server. A commit without the registry's folder has no files.
 */
export async function filesAt(repository: Repository, commit: string): Promise<RegistryFiles> {
  const tree = await treeOf(repository, commit);
  if (tree === null) return filesFromMap(new Map());
  const entries = await listTree(repository, tree);
  const contents = await readBlobs(repository, entries);
  return filesFromMap(new Map(entries.map(({ path }, index) => [path, contents[index] ?? new Uint8Array()])));
}

/** The tree of the registry's folder. */
async function treeOf({ folder, prefix }: Repository, commit: string): Promise<string | null> {
  const name = prefix === '' ? `${commit}^{tree}` : `${commit}:${prefix}`;
  const { output } = await readGit(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', name], {
    maxBytes: 4_096,
  });
  return output === null ? null : output.toString().trim();
}

async function listTree({ folder }: Repository, tree: string): Promise<TreeEntry[]> {
  const { output, complaint } = await readGit(
    folder,
    ['ls-tree', '-r', '-z', '--long', '--full-tree', '--end-of-options', tree],
    { maxBytes: MOST_FILES * LONGEST_LINE },
  );
  if (output === null) throw gitFailed(complaint);
  const entries = output
    .toString()
    .split('\0')
    .flatMap((text) => (text === '' ? [] : entryOf(text)));
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  if (entries.length > MOST_FILES || bytes > MOST_BYTES)
    throw registryTooBig(folder, `${MOST_FILES} files or 50 MB`);
  return entries;
}

function entryOf(text: string): TreeEntry[] {
  const [, mode, , id = '', size = '', path = ''] = LINE.exec(text) ?? [];
  if (path === '') throw gitFailed('it listed a tree in a form that is not known');
  return mode === '100644' || mode === '100755' ? [{ id, size: Number(size), path }] : [];
}

/** One `cat-file --batch` for all: `<id> blob <size>\n<content>\n`, in the order of the request. */
async function readBlobs({ folder }: Repository, entries: TreeEntry[]): Promise<Uint8Array[]> {
  if (entries.length === 0) return [];
  const { output, complaint } = await readGit(folder, ['cat-file', '--batch'], {
    input: entries.map(({ id }) => `${id}\n`).join(''),
    maxBytes: MOST_BYTES + entries.length * 100,
  });
  if (output === null) throw gitFailed(complaint);
  let at = 0;
  return entries.map(({ id, size }) => {
    const end = output.indexOf(0x0a, at);
    if (output.toString('latin1', at, end) !== `${id} blob ${size}`)
      throw gitFailed(`object ${id} is not a file`);
    at = end + 1 + size + 1;
    return new Uint8Array(output.subarray(end + 1, end + 1 + size));
  });
}
