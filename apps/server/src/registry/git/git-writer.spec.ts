import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { ensureBare } from './ensure-bare.ts';
import { authorOf, pushCommit, writeCommit } from './git-writer.ts';
import type { RegistrySource } from '../source/registry-url.ts';

describe('the author of a commit', () => {
  it.each([
    ['ada', 'ada', 'ada'],
    ['ada@example.org', 'ada@example.org', 'ada-example.org'],
    ['Zoë Łuk', 'Zoë Łuk', 'Zoe-uk'],
    [
      'x> <evil@example.org> 0 +0000\ncommitter root',
      'x evil@example.org 0 +0000 committer root',
      'x-evil-example.org-0-+0000-committer-root',
    ],
    ['--help', '--help', 'help'],
    ['\u0000\u001b[31m\u202e', '31m', '31m'],
    ['', 'unknown', 'unknown'],
    ['<>', 'unknown', 'unknown'],
    ['名前', '名前', 'unknown'],
  ])('%j is %j', (id, name, mailbox) => {
    expect(authorOf({ kind: 'user', id })).toEqual({
      name,
      email: `${mailbox}@users.noreply.stagewright.invalid`,
    });
  });

  it('is never longer than a line should be', () => {
    expect(authorOf({ kind: 'user', id: 'a'.repeat(10_000) }).name).toHaveLength(100);
  });
});

describe('a push whose answer never comes', () => {
  const path = process.env['PATH'] ?? '';
  let folder: string;
  let copy: string;
  let source: RegistrySource;
  let commit: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'git-writer-'));
    copy = join(folder, 'copy.git');
    source = { url: join(folder, 'origin.git'), protocol: 'file', access: null };
    await Promise.all([ensureBare(copy), ensureBare(copy), ensureBare(source.url)]);
    const git = (args: string[]): string =>
      execFileSync('git', [`--git-dir=${copy}`, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
        encoding: 'utf8',
        input: '',
      }).trim();
    const parent = git(['commit-tree', git(['mktree']), '-m', 'x']);
    const put = new Map([['a "b"\\.md', 'x']]);
    commit = await writeCommit(copy, {
      parent,
      folder: null,
      remove: ['nothing'],
      put,
      author: authorOf({ kind: 'user', id: 'ada' }),
      message: 'Add',
      at: '2026-11-21T10:00:00.000Z',
    });
  });
  afterEach(() => {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true, force: true });
  });

  /** Git as it is, but what it says of a push is lost on the way. */
  function loseAnswers(pushes: boolean): void {
    const bin = join(folder, 'bin');
    const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    mkdirSync(bin);
    const push = `${pushes ? `${real} "$@" >/dev/null 2>&1; ` : ''}echo "fatal: the remote end hung up unexpectedly" >&2; exit 128`;
    const script = `#!/bin/sh\nfor word in "$@"; do [ "$word" = push ] && { ${push}; }; done\nexec ${real} "$@"\n`;
    writeFileSync(join(bin, 'git'), script, { mode: 0o755 });
    process.env['PATH'] = `${bin}:${path}`;
  }
  const push = (): Promise<string> => pushCommit(copy, source, { commit, branch: 'main', was: null }, 10_000);

  it('counts when the branch is there', async () => {
    loseAnswers(true);
    expect(await push()).toBe('pushed');
  });

  it('is told when it is not', async () => {
    loseAnswers(false);
    await expect(push()).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
  });

  it('may be sent again, and never goes over what somebody else has pushed', async () => {
    expect([await push(), await push()]).toEqual(['pushed', 'pushed']);
    const listed = execFileSync('git', [`--git-dir=${source.url}`, 'ls-tree', '-z', '--name-only', 'main'], {
      encoding: 'utf8',
    });
    expect(listed).toBe('a "b"\\.md\0');
    const theirs = `${commit}^`;
    execFileSync('git', [`--git-dir=${source.url}`, 'update-ref', 'refs/heads/main', theirs]);
    expect(await push()).toBe('moved');
    expect(await pushCommit(copy, source, { commit, branch: 'main', was: commit }, 10_000)).toBe('moved');
  });
});
