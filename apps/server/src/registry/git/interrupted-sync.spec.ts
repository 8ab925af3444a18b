import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { GitMirror } from './git-mirror.ts';
import { REGISTRY_LIMITS } from './registry-limits.ts';
import { readTree } from './registry-tree.ts';
import type { RegistrySource } from '../source/registry-url.ts';

// Git starts dozens of processes here, and a busy machine is slow at that.
jest.setTimeout(180_000);

/** A process that is killed while it reads a registry: what Git leaves behind then must not be in the way of the next one. */
let folder: string;
let work: string;
let mirror: string;
const source = (): RegistrySource => ({ url: work, protocol: 'file', access: null });
const env = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.org',
};
const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: work, env, encoding: 'utf8' }).trim();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'interrupted-sync-'));
  work = join(folder, 'work');
  mirror = join(folder, 'registry.git');
  mkdirSync(work);
  git('init', '--quiet', '--initial-branch=main');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function commit(text: string): string {
  writeFileSync(join(work, 'a'), text);
  git('add', '--all');
  git('commit', '--quiet', '--message=x');
  return git('rev-parse', 'HEAD');
}

async function sync(): Promise<{ commit: string; text: string }> {
  const id = await new GitMirror(mirror, REGISTRY_LIMITS).fetch(source(), 'main');
  const tree = await readTree(mirror, { commit: id, folder: null }, REGISTRY_LIMITS);
  return { commit: id, text: Buffer.from(tree.files.get('a') ?? []).toString() };
}

function leave(path: string): void {
  mkdirSync(join(mirror, path, '..'), { recursive: true });
  writeFileSync(join(mirror, path), '');
}

describe('after a sync that was killed', () => {
  it.each(['shallow.lock', 'refs/registry/head.lock', 'packed-refs.lock', 'config.lock', 'HEAD.lock'])(
    'the next one is not kept out by its %s',
    async (lock) => {
      commit('one');
      await sync();
      leave(lock);
      const next = commit('two');
      expect(await sync()).toEqual({ commit: next, text: 'two' });
      const last = commit('three');
      expect(await sync()).toEqual({ commit: last, text: 'three' });
    },
  );

  it('a mirror of which only the beginning is there is made anew', async () => {
    const id = commit('one');
    mkdirSync(mirror);
    writeFileSync(join(mirror, 'HEAD'), 'ref: refs/heads/main\n');
    expect(await sync()).toEqual({ commit: id, text: 'one' });
  });

  it('a mirror whose objects were cut off is made anew', async () => {
    commit('one');
    await sync();
    rmSync(join(mirror, 'objects'), { recursive: true });
    const next = commit('two');
    expect(await sync()).toEqual({ commit: next, text: 'two' });
  });

  it('whenever Git itself was killed, the next one reads the whole commit', async () => {
    for (let file = 0; file < 60; file += 1) writeFileSync(join(work, `f${file}`), `${file}`.repeat(2_000));
    for (const ms of [0, 5, 20]) {
      const id = commit(`after ${ms} ms`);
      const args = ['fetch', '--quiet', '--depth=1', `file://${work}`, '+main:refs/registry/head'];
      if (!existsSync(mirror)) await sync();
      const child = spawn('git', ['-c', 'protocol.file.allow=always', ...args], {
        cwd: mirror,
        env,
        stdio: 'ignore',
      });
      // Listened for from the start: a quick fetch ends before it can be killed.
      const ended = new Promise((end) => child.once('close', end));
      await new Promise((later) => setTimeout(later, ms));
      child.kill('SIGKILL');
      await ended;
      expect(await sync()).toEqual({ commit: id, text: `after ${ms} ms` });
    }
  });
});
