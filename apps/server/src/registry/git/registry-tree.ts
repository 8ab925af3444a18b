import type { Finding } from '@stagewright/engine';

import { readGit } from './git-objects.ts';
import type { RegistryLimits } from './registry-limits.ts';
import { tooBig, unreachable } from '../registry.errors.ts';

/** What a commit holds: plain files by registry path, and a finding for every entry that was refused. */
export interface RegistryTree {
  files: Map<string, Uint8Array>;
  findings: Finding[];
}

interface TreeEntry {
  mode: string;
  id: string;
  size: number;
  path: string;
}

/** Bytes of one line of `ls-tree`, its path included: Git's own limit of a path is 4,096. */
const LONGEST_LINE = 4_200;
const LONGEST_PATH = 512;
const LINE = /^(\d{6}) (\w+) ([0-9a-f]{40}) +(\d+|-)\t(.+)$/s;

/**
 * Reads all plain files of a commit, or of one folder of it, from the mirror's objects; paths are those in the folder. `below`
 * reads those alone that begin with one of the paths. Throws `REGISTRY_TOO_BIG`, and `REGISTRY_UNREACHABLE` when there is no such folder.
 */
export async function readTree(
  gitDir: string,
  tree: { commit: string; folder: string | null },
  limits: RegistryLimits,
  below: readonly string[] = [],
): Promise<RegistryTree> {
  const signal = AbortSignal.timeout(limits.timeMs);
  const listing = await readGit(
    gitDir,
    ['ls-tree', '-r', '-z', '--long', '--full-tree', '--end-of-options', treeish(tree), ...below],
    {
      maxBytes: Math.min(limits.files * LONGEST_LINE, 64 * 1024 * 1024),
      signal,
    },
  );
  const entries = parseListing(listing);
  if (entries.length > limits.files)
    throw tooBig(`it has ${entries.length} files, ${limits.files} are allowed`);
  const findings = entries.flatMap((entry) => refusal(entry) ?? []);
  const plain = entries.filter((entry) => refusal(entry) === undefined);
  const bytes = plain.reduce((sum, entry) => sum + entry.size, 0);
  if (bytes > limits.bytes) throw tooBig(`its files have ${bytes} bytes, ${limits.bytes} are allowed`);
  const contents = await readBlobs(gitDir, plain, { bytes, signal });
  return {
    files: new Map(plain.map((entry, index) => [entry.path, contents[index] ?? new Uint8Array()])),
    findings,
  };
}

function treeish({ commit, folder }: { commit: string; folder: string | null }): string {
  return folder === null ? commit : `${commit}:${folder}`;
}

function parseListing(listing: Buffer): TreeEntry[] {
  return listing
    .toString('utf8')
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const [, mode = '', , id = '', size = '', path = ''] = LINE.exec(line) ?? [];
      if (path === '') throw unreachable('git listed a tree in a form that is not known.');
      return { mode, id, size: size === '-' ? 0 : Number(size), path };
    });
}

/** Only plain files are data. Links and submodules could point outside of the registry and are never followed. */
function refusal(entry: TreeEntry): Finding | undefined {
  const kind = refusedKind(entry);
  return kind === undefined ? undefined : refusedEntry(entry.path, kind);
}

/** Says that an entry is not read. `kind` begins the sentence: "A symbolic link". */
export function refusedEntry(path: string, kind: string): Finding {
  return {
    code: 'REGISTRY_ENTRY_FORBIDDEN',
    severity: 'error',
    message: `${kind} is not read from a registry.`,
    hint: 'Commit a plain file instead.',
    // eslint-disable-next-line no-control-regex -- a name with these would spoil logs and terminals
    file: path.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd').slice(0, LONGEST_PATH),
    line: 1,
    column: 1,
  };
}

function refusedKind(entry: TreeEntry): string | undefined {
  if (entry.mode === '120000') return 'A symbolic link';
  if (entry.mode === '160000') return 'A submodule';
  if (entry.mode !== '100644' && entry.mode !== '100755') return `An entry of mode ${entry.mode}`;
  if (entry.path === '.gitmodules' || entry.path.endsWith('/.gitmodules'))
    return 'A declaration of submodules';
  // eslint-disable-next-line no-control-regex -- these are the characters that must not pass
  if (entry.path.length > LONGEST_PATH || /[\u0000-\u001f\u007f-\u009f\ufffd\\]/.test(entry.path))
    return 'A file of such a name';
  return undefined;
}

/** One `cat-file --batch` for all: `<id> blob <size>\n<content>\n`, in the order of the request. */
async function readBlobs(
  gitDir: string,
  entries: TreeEntry[],
  use: { bytes: number; signal: AbortSignal },
): Promise<Uint8Array[]> {
  if (entries.length === 0) return [];
  const input = entries.map((entry) => `${entry.id}\n`).join('');
  const output = await readGit(gitDir, ['cat-file', '--batch'], {
    input,
    maxBytes: use.bytes + entries.length * 80,
    signal: use.signal,
  });
  let at = 0;
  return entries.map((entry) => {
    const end = output.indexOf(0x0a, at);
    const header = output.toString('latin1', at, end);
    if (header !== `${entry.id} blob ${entry.size}`)
      throw unreachable(`object ${entry.id} is not a file in the mirror.`);
    at = end + 1 + entry.size + 1;
    return new Uint8Array(output.subarray(end + 1, end + 1 + entry.size));
  });
}
