import { readGit } from './git-objects.ts';

const SHORT = 65_536;
const TIME_MS = 20_000;

/** One plumbing command with a short answer, within bounds of bytes and time. Throws as `readGit` does. */
export async function askGit(gitDir: string, ...args: string[]): Promise<string> {
  const answer = await readGit(gitDir, args, { maxBytes: SHORT, signal: AbortSignal.timeout(TIME_MS) });
  return answer.toString('latin1').trim();
}
