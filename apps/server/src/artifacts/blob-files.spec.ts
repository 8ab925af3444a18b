import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { BlobFiles } from './blob-files.ts';

describe('blob files', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'blobs-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('say DISK_FULL when the disk fills half-way, and keep nothing', async () => {
    const blobs = new BlobFiles(root);
    function* filling(): Generator<Uint8Array> {
      yield Buffer.from('half');
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    }
    await expect(blobs.write(filling())).rejects.toMatchObject({ code: 'DISK_FULL', retryable: true });
    expect(await readdir(root, { recursive: true })).toEqual(['incoming']);
    const { digest } = await blobs.write([Buffer.from('whole')]);
    expect(Buffer.from((await blobs.read(digest)) ?? []).toString()).toBe('whole');
  });

  it('sweep what was abandoned and leave what is under way', async () => {
    const blobs = new BlobFiles(root);
    await blobs.write([Buffer.from('x')]);
    await writeFile(join(root, 'incoming/old'), '');
    await utimes(join(root, 'incoming/old'), new Date(0), new Date(0));
    await writeFile(join(root, 'incoming/new'), '');
    await blobs.sweep(new Date());
    expect(await readdir(join(root, 'incoming'))).toEqual(['new']);
  });

  it('give nothing for bytes that are not there, and follow no name that is no digest', async () => {
    const blobs = new BlobFiles(root);
    expect(await blobs.read('0'.repeat(64))).toBeUndefined();
    await expect(blobs.read('../../etc/passwd')).rejects.toThrow(TypeError);
  });
});
