import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { acquireDataDirectoryLock } from './data-directory-lock.ts';

const engine = pathToFileURL(join(import.meta.dirname, '../../../../libs/engine/src/errors/index.ts')).href;
const source = pathToFileURL(join(import.meta.dirname, 'data-directory-lock.ts')).href;

/** A process that takes the lock, says so or says why not, and stays until it is killed. */
const PROGRAM = `
  import { registerHooks } from 'node:module';
  registerHooks({ resolve: (name, context, next) => name === '@stagewright/engine' ? { url: ${JSON.stringify(engine)}, shortCircuit: true } : next(name, context) });
  const { acquireDataDirectoryLock } = await import(${JSON.stringify(source)});
  const hold = setInterval(() => {}, 1000);
  try { await acquireDataDirectoryLock(process.argv[1]); console.log('held'); }
  catch (error) { console.log(error.code + ' ' + error.details?.pid); clearInterval(hold); }
`;

describe('the lock of the data directory', () => {
  let directory: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lock-spec-'));
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map(kill));
    await rm(directory, { recursive: true, force: true });
  });

  it('lets one in, names the holder to the second, and lets the second in after a release', async () => {
    const lock = await acquireDataDirectoryLock(directory);
    await expect(acquireDataDirectoryLock(directory)).rejects.toMatchObject({
      code: 'DATA_DIR_LOCKED',
      details: { pid: process.pid },
    });
    await lock.release();
    await (await acquireDataDirectoryLock(directory)).release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('names another process by its pid, and is free at once after kill -9', async () => {
    const holder = await start(directory);
    expect(holder.said).toBe('held');
    await expect(acquireDataDirectoryLock(directory)).rejects.toMatchObject({
      details: { pid: holder.child.pid },
    });

    const second = await start(directory);
    expect(second.said).toBe(`DATA_DIR_LOCKED ${holder.child.pid}`);

    await kill(holder.child);
    expect(await readdir(directory)).toHaveLength(1);
    const lock = await acquireDataDirectoryLock(directory);
    expect(await readdir(directory)).toEqual(['lock.2.sock']);
    await lock.release();
  }, 20_000);

  it('is never taken from a holder because it is old or does not answer', async () => {
    const holder = await start(directory);
    const [socket] = await readdir(directory);
    await utimes(join(directory, socket ?? ''), new Date(0), new Date(0));
    holder.child.kill('SIGSTOP');
    await expect(acquireDataDirectoryLock(directory)).rejects.toMatchObject({
      code: 'DATA_DIR_LOCKED',
      details: { pid: null },
    });
    holder.child.kill('SIGCONT');
    await expect(acquireDataDirectoryLock(directory)).rejects.toMatchObject({
      details: { pid: holder.child.pid },
    });
  }, 20_000);

  it('has one winner when many start on what a dead process left', async () => {
    await kill((await start(directory)).child);
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, () => acquireDataDirectoryLock(directory)),
    );
    const held = tries.filter((result) => result.status === 'fulfilled');
    expect(held.length).toBeLessThanOrEqual(1);
    for (const result of tries) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'DATA_DIR_LOCKED' });
    }
    for (const result of held) await result.value.release();
  }, 20_000);

  it('has at most one winner among processes that start together', async () => {
    await kill((await start(directory)).child);
    const started = await Promise.all(Array.from({ length: 5 }, () => start(directory)));
    expect(started.filter((process) => process.said === 'held').length).toBeLessThanOrEqual(1);
    await Promise.all(started.map((process) => kill(process.child)));
    await (await acquireDataDirectoryLock(directory)).release();
  }, 30_000);

  it('holds on a path that is longer than a socket address may be', async () => {
    const long = join(directory, ...Array.from({ length: 6 }, (_, index) => `${index}`.repeat(40)));
    const lock = await acquireDataDirectoryLock(long);
    await expect(acquireDataDirectoryLock(long)).rejects.toMatchObject({ details: { pid: process.pid } });
    expect(await readdir(long)).toEqual(['lock.1.sock']);
    await lock.release();
    expect(await readdir(long)).toEqual([]);
  });

  it('refuses a data directory that is a file', async () => {
    await expect(acquireDataDirectoryLock(join(import.meta.dirname, 'migrate.ts'))).rejects.toMatchObject({
      code: 'DATA_DIR_UNUSABLE',
    });
  });

  async function start(path: string): Promise<{ child: ChildProcess; said: string }> {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
    return { child, said: chunk.toString().trim() };
  }
});

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
