import { readGit } from './git-objects.ts';
import { REGISTRY_LIMITS } from './registry-limits.ts';

/** Carries out a stream that ends with `done`; gives what it was asked to print. Its refs may move anywhere. */
export async function fastImport(gitDir: string, input: Buffer): Promise<string> {
  const args = ['fast-import', '--quiet', '--force', '--done', '--date-format=raw'];
  const signal = AbortSignal.timeout(REGISTRY_LIMITS.timeMs);
  return (await readGit(gitDir, args, { input, maxBytes: 65_536, signal })).toString('latin1').trim();
}

/** A path as the stream has it. */
export function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** Bytes as the stream has them: counted, so that nothing in them is read as a command. */
export function data(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')]);
}
