import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Ids of all processes whose command line holds a word, whoever started them. */
export function processesWith(word: string): number[] {
  return (existsSync('/proc/self/cmdline') ? fromProc() : fromPs()).flatMap(({ pid, line }) =>
    line.includes(word) && pid !== process.pid ? [pid] : [],
  );
}

/** Kills all of them with -9. What another kill has ended meanwhile is as good. */
export function killAllWith(word: string): void {
  for (const pid of processesWith(word)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Waits until no such process is there; gives those that are left when the time is up. */
export async function goneWithin(word: string, ms = 10_000): Promise<number[]> {
  const end = Date.now() + ms;
  for (;;) {
    const left = processesWith(word);
    if (left.length === 0 || Date.now() > end) return left;
    await new Promise((done) => setTimeout(done, 20));
  }
}

function fromProc(): Array<{ pid: number; line: string }> {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return [{ pid: Number(name), line: readFileSync(`/proc/${name}/cmdline`, 'utf8') }];
    } catch {
      return [];
    }
  });
}

function fromPs(): Array<{ pid: number; line: string }> {
  const lines = execFileSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' }).split('\n');
  return lines.map((line) => ({ pid: Number.parseInt(line, 10), line }));
}
