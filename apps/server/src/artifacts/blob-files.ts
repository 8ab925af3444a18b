import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import type { Digest } from '@stagewright/engine';

import { artifactTooLarge, diskFull } from './artifacts.errors.ts';

export interface Blob {
  digest: Digest;
  /** Bytes. */
  size: number;
}

const ABANDONED_MS = 24 * 60 * 60 * 1_000;

/**
 * Bytes by content: `<root>/ab/cd/<sha256>`. A file gets its name only when it is whole and on the disk, so a name
 * that is there always means all of its bytes; what a crash leaves behind is in `<root>/incoming` and is swept at start.
 */
export class BlobFiles {
  readonly #root: string;
  readonly #incoming: string;

  constructor(root: string) {
    this.#root = root;
    this.#incoming = join(root, 'incoming');
  }

  /** Removes what uploads left that never ended. Another server on the same folder may have some under way. */
  async sweep(now: Date): Promise<void> {
    const names = await readdir(this.#incoming).catch(absent);
    for (const name of names ?? []) {
      const path = join(this.#incoming, name);
      const info = await stat(path).catch(absent);
      if (info !== undefined && now.getTime() - info.mtimeMs > ABANDONED_MS) await rm(path, { force: true });
    }
  }

  /** Throws `ARTIFACT_TOO_LARGE` beyond `limit` bytes and `DISK_FULL`; nothing is kept then. */
  async write(
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    limit = Number.POSITIVE_INFINITY,
  ): Promise<Blob> {
    const temporary = join(this.#incoming, randomUUID());
    try {
      await mkdir(this.#incoming, { recursive: true, mode: 0o700 });
      const blob = await this.#receive(temporary, source, limit);
      await this.#keep(temporary, blob);
      return blob;
    } catch (error) {
      await rm(temporary, { force: true });
      throw isDiskFull(error) ? diskFull(error) : error;
    }
  }

  /** Undefined when there are no such bytes. */
  async read(digest: Digest): Promise<Uint8Array | undefined> {
    const content = await readFile(this.#path(digest)).catch(absent);
    return content === undefined
      ? undefined
      : new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
  }

  /** For streaming; the caller closes it. Undefined when there are no such bytes. */
  async open(digest: Digest): Promise<FileHandle | undefined> {
    return open(this.#path(digest), 'r').catch(absent);
  }

  async #receive(
    path: string,
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    limit: number,
  ): Promise<Blob> {
    const hash = createHash('sha256');
    let size = 0;
    const file = await open(path, 'wx', 0o600);
    try {
      for await (const chunk of source) {
        size += chunk.byteLength;
        if (size > limit) throw artifactTooLarge(limit);
        hash.update(chunk);
        await file.writeFile(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    return { digest: hash.digest('hex'), size };
  }

  async #keep(temporary: string, { digest }: Blob): Promise<void> {
    const path = this.#path(digest);
    const known = await access(path, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (known) return rm(temporary, { force: true });
    const folder = join(path, '..');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(temporary, path);
    await syncFolder(folder);
  }

  #path(digest: Digest): string {
    // A digest comes from the database or from hashing: anything else is a fault of ours, not a name to follow.
    if (!/^[0-9a-f]{64}$/.test(digest)) throw new TypeError(`Not a sha256: ${digest}`);
    return join(this.#root, digest.slice(0, 2), digest.slice(2, 4), digest);
  }
}

/** The new name itself must reach the disk. Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isDiskFull(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
