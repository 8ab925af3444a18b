import { gitFailed, noRepository, noRevision } from '../cli.errors.ts';
import { readGit } from './read-git.ts';

/** A Git repository that holds a registry: at its root, or in a folder of it. */
export interface Repository {
  /** Folder of the registry. */
  folder: string;
  /** From the root of the repository to the registry: empty, or with `/` at its end. */
  prefix: string;
}

const SHORT = { maxBytes: 65_536 };

/** The repository that a folder is in. Throws `CLI_NO_REPOSITORY`. */
export async function openRepository(folder: string): Promise<Repository> {
  const { output } = await readGit(folder, ['rev-parse', '--show-prefix'], SHORT);
  if (output === null) throw noRepository(folder);
  return { folder, prefix: line(output) };
}

/** From the root of the repository to a folder in it; empty when the folder is in none. */
export async function prefixOf(folder: string): Promise<string> {
  const { output } = await readGit(folder, ['rev-parse', '--show-prefix'], SHORT);
  return output === null ? '' : line(output);
}

/** The commit that a revision names. It is a word of the user's, and never an option of Git's. Throws `CLI_NO_REVISION`. */
export async function commitOf({ folder }: Repository, revision: string): Promise<string> {
  const { output } = await readGit(
    folder,
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
    SHORT,
  );
  if (output === null) throw noRevision(revision);
  const commit = line(output);
  if (!/^[0-9a-f]{40,64}$/.test(commit)) throw noRevision(revision);
  return commit;
}

/** Where two commits parted. Throws `CLI_NO_REVISION` when they have nothing in common, as in a shallow clone. */
export async function mergeBaseOf({ folder }: Repository, [one, other]: [string, string]): Promise<string> {
  const { output } = await readGit(folder, ['merge-base', '--end-of-options', one, other], SHORT);
  if (output === null) throw noRevision(`the merge base of ${one.slice(0, 12)} and ${other.slice(0, 12)}`);
  return line(output);
}

/** The first line of an answer that has to be one. */
function line(output: Buffer): string {
  const [first, ...rest] = output.toString().split('\n');
  if (rest.join('') !== '') throw gitFailed('it answered in a form that is not known');
  return first ?? '';
}
