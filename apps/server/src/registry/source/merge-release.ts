import { randomUUID } from 'node:crypto';

import { askGit } from '../git/ask-git.ts';
import { data, fastImport, quoted } from '../git/fast-import.ts';
import { readGit } from '../git/git-objects.ts';
import { REGISTRY_LIMITS } from '../git/registry-limits.ts';

const WHO = 'Stagewright <registry@stagewright.invalid> 1767225600 +0000';
const MESSAGE = 'Take up what this release ships\n';
const LONGEST_LISTING = 16 * 1024 * 1024;
const LINE = /^(\d{6}) \w+ ([0-9a-f]{40})\t(.+)$/s;

export interface Releases {
  /** What is served: an earlier release with what was committed on top of it. */
  main: string;
  /** That earlier release. */
  base: string;
  /** The present release. */
  shipped: string;
}

/** Path -> mode and blob. */
type Listing = ReadonlyMap<string, string>;

/**
 * Makes a commit that has both what was committed over the API and what a new release ships; gives its id. A template is
 * taken as a whole: one that was changed here stays as it is, all others follow the release. The same for each other file.
 */
export async function mergeRelease(gitDir: string, { main, base, shipped }: Releases): Promise<string> {
  const [ours, old, theirs] = await Promise.all(
    [main, base, shipped].map((commit) => listing(gitDir, commit)),
  );
  const kept = changedUnits(old ?? new Map(), ours ?? new Map());
  const merged = new Map([
    ...[...(theirs ?? [])].filter(([path]) => !kept.has(unitOf(path))),
    ...[...(ours ?? [])].filter(([path]) => kept.has(unitOf(path))),
  ]);
  const ref = `refs/writes/${randomUUID()}`;
  const head = `commit ${ref}\nmark :1\ncommitter ${WHO}\n`;
  const stream = Buffer.concat([
    Buffer.from(head),
    data(Buffer.from(MESSAGE)),
    Buffer.from(`from ${main}\nmerge ${shipped}\ndeleteall\n`),
    ...[...merged].map(([path, entry]) => Buffer.from(`M ${entry} ${quoted(path)}\n`)),
    Buffer.from('get-mark :1\ndone\n'),
  ]);
  try {
    return await fastImport(gitDir, stream);
  } finally {
    await askGit(gitDir, 'update-ref', '-d', ref).catch(() => undefined);
  }
}

/** The folder of a template, or a single file. */
function unitOf(path: string): string {
  return /^templates\/[^/]+\//.exec(path)?.[0] ?? path;
}

function changedUnits(before: Listing, after: Listing): Set<string> {
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  return new Set(paths.filter((path) => before.get(path) !== after.get(path)).map(unitOf));
}

async function listing(gitDir: string, commit: string): Promise<Listing> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit];
  const signal = AbortSignal.timeout(REGISTRY_LIMITS.timeMs);
  const output = await readGit(gitDir, args, { maxBytes: LONGEST_LISTING, signal });
  return new Map(
    output
      .toString('utf8')
      .split('\0')
      .flatMap((line) => {
        const [, mode, id, path] = LINE.exec(line) ?? [];
        return path === undefined ? [] : [[path, `${mode} ${id}`] as const];
      }),
  );
}
