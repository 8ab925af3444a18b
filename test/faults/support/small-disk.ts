import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Name of the file that takes up the room. */
const BALLAST = 'ballast';
const BLOCK = Buffer.alloc(4_096);

/** A disk of the test alone, which can be filled and freed: a tmpfs with a size. */
export class SmallDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Whether one may be mounted here: on Linux as root, unless a container forbids it. */
  static get isPossible(): boolean {
    try {
      SmallDisk.mount(BLOCK.length).unmount();
      return true;
    } catch {
      return false;
    }
  }

  static mount(bytes: number): SmallDisk {
    const folder = mkdtempSync(join(tmpdir(), 'stagewright-disk-'));
    try {
      const options = `size=${bytes},mode=700`;
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
      return new SmallDisk(folder);
    } catch (error) {
      rmSync(folder, { recursive: true });
      throw error;
    }
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }

  /** Takes up all room but so many bytes, in whole blocks. */
  fill(leaving: number): void {
    const ballast = openSync(join(this.folder, BALLAST), 'a');
    try {
      while (this.freeBytes >= leaving + BLOCK.length) writeSync(ballast, BLOCK);
    } finally {
      closeSync(ballast);
    }
  }

  free(): void {
    truncateSync(join(this.folder, BALLAST), 0);
  }

  unmount(): void {
    execFileSync('umount', ['--lazy', this.folder]);
    rmSync(this.folder, { recursive: true });
  }
}
