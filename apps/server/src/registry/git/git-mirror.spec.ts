import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { GitMirror } from './git-mirror.ts';
import { REGISTRY_LIMITS } from './registry-limits.ts';
import { readTree } from './registry-tree.ts';
import type { RegistryTree } from './registry-tree.ts';
import { NO_ACCESS } from '../../../../../test/support/registry-bench.ts';
import { checkRegistryUrl } from '../source/registry-url.ts';
import type { RegistrySource } from '../source/registry-url.ts';
import { findShippedRegistry, seedRegistry } from '../source/shipped-registry.ts';

// Git starts dozens of processes here, and a busy machine is slow at that.
jest.setTimeout(30_000);

let folder: string;
let work: string;
let mirror: string;
let marker: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'registry-mirror-'));
  work = join(folder, 'work');
  mirror = join(folder, 'mirror.git');
  marker = join(folder, 'marker');
  mkdirSync(work);
  git('init', '--quiet', '--initial-branch=main');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: string[]): string {
  const identity = [
    '-c',
    'user.name=Test',
    '-c',
    'user.email=test@example.org',
    '-c',
    'protocol.file.allow=always',
  ];
  return execFileSync('git', [...identity, ...args], { cwd: work, encoding: 'utf8' }).trim();
}

function put(path: string, content: string): void {
  mkdirSync(dirname(join(work, path)), { recursive: true });
  writeFileSync(join(work, path), content);
}

function commit(): string {
  git('add', '--all');
  git('commit', '--quiet', '--message=x');
  return git('rev-parse', 'HEAD');
}

function source(): RegistrySource {
  return checkRegistryUrl(work, { allowLocal: true, access: NO_ACCESS });
}

async function sync(limits = REGISTRY_LIMITS, ref = 'main'): Promise<RegistryTree & { commit: string }> {
  const id = await new GitMirror(mirror, limits).fetch(source(), ref);
  return { commit: id, ...(await readTree(mirror, { commit: id, folder: null }, limits)) };
}

function text(tree: RegistryTree, path: string): string {
  return Buffer.from(tree.files.get(path) ?? []).toString();
}

describe('a mirror of a registry', () => {
  it('brings over the files of a commit, byte for byte, without a work tree', async () => {
    put('stagewright.yaml', 'apiVersion: stagewright/v1\n');
    put('templates/a b/übung.md', 'Füße\n\0binary\n');
    put('empty', '');
    const id = commit();
    const tree = await sync();
    expect(tree.commit).toBe(id);
    expect([...tree.files.keys()].sort()).toEqual(['empty', 'stagewright.yaml', 'templates/a b/übung.md']);
    expect(text(tree, 'templates/a b/übung.md')).toBe('Füße\n\0binary\n');
    expect(tree.findings).toEqual([]);
    expect(existsSync(join(mirror, 'stagewright.yaml'))).toBe(false);
  });

  it('follows a branch, a tag and a rewritten history', async () => {
    put('a', '1');
    const first = commit();
    git('tag', '--annotate', '--message=x', 'v1');
    put('a', '2');
    commit();
    expect(text(await sync(), 'a')).toBe('2');
    expect((await sync(REGISTRY_LIMITS, 'v1')).commit).toBe(first);
    git('commit', '--quiet', '--amend', '--message=rewritten');
    expect((await sync()).commit).toBe(git('rev-parse', 'HEAD'));
  });

  it('reads what is good and refuses links and submodules one by one', async () => {
    put('templates/a/template.yaml', 'name: a\n');
    put('templates/run.sh', '#!/bin/sh\n');
    chmodSync(join(work, 'templates/run.sh'), 0o755);
    symlinkSync('/etc/passwd', join(work, 'templates/passwd.yaml'));
    symlinkSync('..', join(work, 'up'));
    put('.gitmodules', `[submodule "x"]\n\tpath = x\n\turl = -x\n\tupdate = !touch ${marker}\n`);
    git('add', '--all');
    git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},x`);
    git('commit', '--quiet', '--message=x');
    const tree = await sync();
    expect([...tree.files.keys()].sort()).toEqual(['templates/a/template.yaml', 'templates/run.sh']);
    expect(tree.findings.map(({ code, file, severity, line }) => [code, file, severity, line])).toEqual(
      ['.gitmodules', 'templates/passwd.yaml', 'up', 'x'].map((file) => [
        'REGISTRY_ENTRY_FORBIDDEN',
        file,
        'error',
        1,
      ]),
    );
    expect(existsSync(marker)).toBe(false);
  });

  it('runs no command that a repository declares', async () => {
    const trap = join(folder, 'trap.sh');
    writeFileSync(trap, `#!/bin/sh\ntouch ${marker}\ncat\n`, { mode: 0o755 });
    put('.gitattributes', '* filter=evil diff=evil merge=evil\n');
    put('.git-like/HEAD', 'ref: refs/heads/main\n');
    put(
      '.git-like/config',
      `[core]\n\tfsmonitor = ${trap}\n\thooksPath = .\n[filter "evil"]\n\tsmudge = ${trap}\n[diff "evil"]\n\ttextconv = ${trap}\n`,
    );
    put('templates/a', 'content\n');
    commit();
    for (const hook of ['post-checkout', 'post-merge', 'reference-transaction', 'post-index-change']) {
      writeFileSync(join(work, '.git/hooks', hook), `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
    }
    for (const [key, value] of [
      ['filter.evil.smudge', trap],
      ['diff.evil.textconv', trap],
      ['core.fsmonitor', trap],
    ] as const)
      git('config', key, value);
    rmSync(marker, { force: true });
    await sync();
    mkdirSync(join(mirror, 'hooks'), { recursive: true });
    writeFileSync(join(mirror, 'hooks/reference-transaction'), `#!/bin/sh\ntouch ${marker}\n`, {
      mode: 0o755,
    });
    put('templates/a', 'more\n');
    git(
      '-c',
      'core.fsmonitor=false',
      '-c',
      'core.hooksPath=/dev/null',
      '-c',
      'filter.evil.smudge=',
      'commit',
      '--quiet',
      '--all',
      '--message=y',
    );
    rmSync(marker, { force: true });
    expect(text(await sync(), 'templates/a')).toBe('more\n');
    expect(existsSync(marker)).toBe(false);
  });

  it('speaks no transport but the one of its source', async () => {
    const mirrorOf = new GitMirror(mirror, REGISTRY_LIMITS);
    const hostile: RegistrySource = { url: `ext::touch ${marker}`, protocol: 'https', access: null };
    await expect(mirrorOf.fetch(hostile, 'main')).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
    await expect(mirrorOf.fetch({ ...source(), protocol: 'https' }, 'main')).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
    });
    expect(existsSync(marker)).toBe(false);
  });

  it('does not follow a redirect', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(302, { location: `/elsewhere${request.url ?? ''}` }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const plain: RegistrySource = { url: `http://127.0.0.1:${port}/x.git`, protocol: 'http', access: null };
    await expect(new GitMirror(mirror, REGISTRY_LIMITS).fetch(plain, 'main')).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
    });
    server.close();
    expect(asked.some((path) => path.startsWith('/x.git/'))).toBe(true);
    expect(asked.some((path) => path.startsWith('/elsewhere'))).toBe(false);
  });

  it('ends a fetch that takes too long', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const slow: RegistrySource = { url: `http://127.0.0.1:${port}/x.git`, protocol: 'http', access: null };
    const started = process.hrtime.bigint();
    await expect(
      new GitMirror(mirror, { ...REGISTRY_LIMITS, timeMs: 700 }).fetch(slow, 'main'),
    ).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(5_000);
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ['too many files', { files: 3 }],
    ['too many bytes', { bytes: 1000 }],
  ])('refuses %s and still reads the last good commit', async (_title, limit) => {
    put('a', '1');
    const good = (await commitAndSync()).commit;
    for (const name of ['b', 'c', 'd']) put(name, 'x'.repeat(400));
    commit();
    await expect(sync({ ...REGISTRY_LIMITS, ...limit })).rejects.toMatchObject({ code: 'REGISTRY_TOO_BIG' });
    expect([
      ...(await readTree(mirror, { commit: good, folder: null }, REGISTRY_LIMITS)).files.keys(),
    ]).toEqual(['a']);
  });

  it('stops a transfer that grows past its limit', async () => {
    const noise = Array.from({ length: 6 }, (_, index) => index);
    for (const index of noise) {
      execFileSync('sh', ['-c', `head -c 500000 /dev/urandom > big-${index}`], { cwd: work });
    }
    commit();
    await expect(sync({ ...REGISTRY_LIMITS, transferBytes: 1_000_000 })).rejects.toMatchObject({
      code: 'REGISTRY_TOO_BIG',
    });
  });

  it('says that a missing ref or repository cannot be read, in one line', async () => {
    put('a', '1');
    commit();
    await expect(sync(REGISTRY_LIMITS, 'nowhere')).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      message: expect.stringMatching(/nowhere/),
    });
    rmSync(join(work, '.git'), { recursive: true });
    const gone: RegistrySource = { url: work, protocol: 'file', access: null };
    await expect(new GitMirror(mirror, REGISTRY_LIMITS).fetch(gone, 'main')).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
    });
  });

  async function commitAndSync(): Promise<RegistryTree & { commit: string }> {
    commit();
    return sync();
  }
});

describe('the registry that ships with the product', () => {
  it('is found above the source and seeded as one commit that depends on its content alone', async () => {
    expect(existsSync(join(findShippedRegistry(), 'stagewright.yaml'))).toBe(true);
    const shipped = join(folder, 'shipped');
    mkdirSync(join(shipped, 'templates/a "quoted"'), { recursive: true });
    writeFileSync(join(shipped, 'stagewright.yaml'), 'name: x\n');
    writeFileSync(join(shipped, 'templates/a "quoted"/é.yaml'), 'binary \0 and\nlines');
    const read = async (seed: string) => {
      const id = await new GitMirror(mirror, REGISTRY_LIMITS).fetch(
        await seedRegistry(shipped, join(folder, seed)),
        'main',
      );
      return { id, tree: await readTree(mirror, { commit: id, folder: null }, REGISTRY_LIMITS) };
    };
    const first = await read('seed-1.git');
    expect(text(first.tree, 'templates/a "quoted"/é.yaml')).toBe('binary \0 and\nlines');
    expect((await read('seed-2.git')).id).toBe(first.id);
    expect((await read('seed-1.git')).id).toBe(first.id);
    writeFileSync(join(shipped, 'stagewright.yaml'), 'name: y\n');
    const changed = await read('seed-1.git');
    expect(changed.id).not.toBe(first.id);
    expect(text(changed.tree, 'stagewright.yaml')).toBe('name: y\n');
    rmSync(join(shipped, 'templates'), { recursive: true });
    expect([...(await read('seed-1.git')).tree.files.keys()]).toEqual(['stagewright.yaml']);
  });

  it('says where it looked when there is none', () => {
    expect(() => findShippedRegistry(folder)).toThrow(
      expect.objectContaining({ code: 'REGISTRY_NOT_FOUND' }),
    );
  });
});
