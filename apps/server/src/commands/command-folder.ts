import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chown, lstat, mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import {
  isHidden,
  MOST_WORKING_BYTES,
  MOST_WORKING_FILES,
  workingPathFault,
} from '@stagewright/engine/template';
import type { WorkingFile } from '@stagewright/engine';

import type { CommandUser } from './confinement.ts';
import { isAlive, killMarked, pidNamespace } from './process-table.ts';

const PREFIX = 'stagewright-command-';
const LEFT_OVER = /^stagewright-command-((\d+)-(\d+)-[0-9a-f]+)$/;

/** What a command left is more than a loop may hold, as the end of a sentence. */
export class TooMuchLeft extends Error {}

/** A folder of one run of a command. It is its owner's alone, and gone afterwards. */
export class CommandFolder {
  /** Names the run: in the folder's name, and in the environment of its processes. */
  readonly mark: string;
  readonly path: string;

  private constructor(mark: string) {
    this.mark = mark;
    this.path = join(tmpdir(), `${PREFIX}${mark}`);
  }

  /** The command's working directory. */
  get work(): string {
    return join(this.path, 'work');
  }

  get home(): string {
    return join(this.path, 'home');
  }

  get temporary(): string {
    return join(this.path, 'tmp');
  }

  static reserve(): CommandFolder {
    return new CommandFolder(`${pidNamespace()}-${process.pid}-${randomBytes(12).toString('hex')}`);
  }

  /** Makes the folder with these files in it, for the user that the command runs as. */
  async make(files: readonly WorkingFile[], user: CommandUser | null): Promise<void> {
    const made = new Set<string>();
    const folder = async (path: string): Promise<void> => {
      if (made.has(path)) return;
      if (path !== this.path) await folder(dirname(path));
      await mkdir(path, { mode: 0o700 });
      made.add(path);
    };
    for (const path of [this.work, this.home, this.temporary]) await folder(path);
    for (const { path, content } of files) {
      const target = join(this.work, path);
      await folder(dirname(target));
      await writeFile(target, content, { flag: 'wx', mode: 0o600 });
      made.add(target);
    }
    // From the inside out: once it is another's, nothing more is written into it.
    if (user !== null) for (const path of [...made].reverse()) await chown(path, user.uid, user.gid);
  }

  /** The plain files that are there now. Only when nothing runs in it any more. Throws `TooMuchLeft`. */
  async read(): Promise<WorkingFile[]> {
    const files: WorkingFile[] = [];
    let bytes = 0;
    const open = [''];
    for (let below = open.pop(); below !== undefined; below = open.pop()) {
      for (const entry of await readdir(join(this.work, below), { withFileTypes: true })) {
        const path = below === '' ? entry.name : `${below}/${entry.name}`;
        if (workingPathFault(path) !== null || isHidden(path)) continue;
        if (entry.isDirectory()) open.push(path);
        const content = entry.isFile()
          ? await readPlain(join(this.work, path), MOST_WORKING_BYTES - bytes)
          : null;
        if (content === null) continue;
        bytes += content.byteLength;
        files.push({ path, content });
        if (files.length > MOST_WORKING_FILES)
          throw new TooMuchLeft(`left more than ${MOST_WORKING_FILES} files`);
      }
    }
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The bytes of a file; null for a link, also for a second name of a file that may lie elsewhere. */
async function readPlain(path: string, most: number): Promise<Uint8Array | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size, nlink } = await file.stat();
    if (nlink > 1) return null;
    if (size > most) throw new TooMuchLeft(`left files of more than ${MOST_WORKING_BYTES} bytes`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Ends and removes what processes left that were killed together with their watchdog. */
export async function reapLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const [, mark = '', namespace, pid] = LEFT_OVER.exec(name) ?? [];
    // Another container may share the folder and not the processes: what it runs looks dead from here.
    if (namespace !== pidNamespace()) continue;
    const path = join(tmpdir(), name);
    if (!(await isOurs(path, Number(pid)))) continue;
    killMarked(mark);
    await rm(path, { recursive: true, force: true });
  }
}

/** A folder whose server is gone: a process that has just started has made none under its own id. */
async function isOurs(path: string, pid: number): Promise<boolean> {
  const { uid } = await lstat(path).catch(() => ({ uid: -1 }));
  const self = process.getuid?.() ?? -1;
  return (self === 0 || uid === self) && (pid === process.pid || !isAlive(pid));
}
