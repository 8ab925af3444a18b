import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import {
  hostTools,
  makeCertificate,
  startHttpHost,
  startSshHost,
} from '../../../../../test/support/git-hosts.ts';
import type { GitHost, SshHost } from '../../../../../test/support/git-hosts.ts';
import { NO_ACCESS } from '../../../../../test/support/registry-bench.ts';
import { makeGitRegistry } from '../../../../../test/e2e/support/git-registry.ts';
import type { GitRegistry } from '../../../../../test/e2e/support/git-registry.ts';
import type { RegistryAccess } from '../../config/index.ts';
import { GitMirror } from './git-mirror.ts';
import { pushCommit, writeCommit } from './git-writer.ts';
import { REGISTRY_LIMITS } from './registry-limits.ts';
import { checkRegistryUrl } from '../source/registry-url.ts';

// Git starts several processes for every fetch, and a busy machine is slow at that.
jest.setTimeout(30_000);

let registry: GitRegistry;
let folder: string;
let commit: string;
let mirrors = 0;

beforeAll(() => {
  registry = makeGitRegistry({ 'stagewright.yaml': 'x\n' });
  commit = registry.publish('One');
  folder = join(registry.url, '..');
});
afterAll(() => registry.remove());

/** With an empty mirror, as a server that has never read it. */
async function fetchFrom(url: string, access: Partial<RegistryAccess> = {}): Promise<string> {
  const gitDir = join(folder, `mirror-${(mirrors += 1)}`);
  const source = checkRegistryUrl(url, { allowLocal: true, access: { ...NO_ACCESS, ...access } });
  return await new GitMirror(gitDir, REGISTRY_LIMITS).fetch(source, 'main');
}

/** As the API writes, on top of what `main` is at. */
async function pushTo(url: string, access: Partial<RegistryAccess>): Promise<string> {
  const gitDir = join(folder, `copy-${(mirrors += 1)}`);
  const source = checkRegistryUrl(url, { allowLocal: true, access: { ...NO_ACCESS, ...access } });
  const parent = await new GitMirror(gitDir, REGISTRY_LIMITS).fetch(source, 'main');
  const pushed = await writeCommit(gitDir, {
    parent,
    folder: null,
    remove: [],
    put: new Map([['README.md', `${mirrors}`]]),
    author: { name: 'Ada', email: 'ada@example.org' },
    message: 'Add',
    at: '2026-11-26T10:00:00.000Z',
  });
  expect(await pushCommit(gitDir, source, { commit: pushed, branch: 'main', was: parent }, 20_000)).toBe(
    'pushed',
  );
  expect(registry.git('ls-remote', 'origin', 'refs/heads/main')).toContain(pushed);
  return pushed;
}

const REFUSED = expect.objectContaining({ code: 'REGISTRY_UNREACHABLE' });

describe('a Git host that speaks smart HTTP', () => {
  let host: GitHost;
  beforeAll(async () => {
    host = await startHttpHost(folder, { login: 'reader:CANARY-TOKEN' });
  });
  afterAll(() => host.close());

  it('lets in who has its token', async () => {
    const access = { username: 'reader', token: 'CANARY-TOKEN' };
    expect(await fetchFrom(`${host.url}/registry.git`, access)).toBe(commit);
  });

  it('takes what is pushed with its token, and says no to who may only read', async () => {
    const access = { username: 'reader', token: 'CANARY-TOKEN' };
    const allow = (is: boolean) =>
      registry.git('--git-dir', registry.url, 'config', 'http.receivepack', String(is));
    allow(false);
    await expect(pushTo(`${host.url}/registry.git`, access)).rejects.toMatchObject({
      code: 'REGISTRY_WRITE_REFUSED',
    });
    allow(true);
    commit = await pushTo(`${host.url}/registry.git`, access);
  });

  it.each([
    ['no token', {}],
    ['a wrong token', { username: 'reader', token: 'CANARY-WRONG' }],
    ['the token of somebody else', { username: 'writer', token: 'CANARY-TOKEN' }],
  ])('keeps out who has %s, and the refusal says nothing of it', async (_who, access) => {
    const refusal = await fetchFrom(`${host.url}/registry.git`, access).catch((error: unknown) => error);
    expect(refusal).toEqual(REFUSED);
    expect(String((refusal as Error).message)).not.toMatch(/CANARY|Basic/);
  });
});

(hostTools.openssl ? describe : describe.skip)('a Git host behind TLS (needs openssl)', () => {
  let host: GitHost;
  let certFile: string;
  beforeAll(async () => {
    const certificate = makeCertificate(folder);
    certFile = certificate.certFile;
    host = await startHttpHost(folder, { tls: certificate });
  });
  afterAll(() => host.close());

  it('is trusted when its certificate is', async () => {
    expect(await fetchFrom(`${host.url}/registry.git`, { caFile: certFile })).toBe(commit);
    await expect(fetchFrom(`${host.url}/registry.git`)).rejects.toEqual(REFUSED);
  });
});

(hostTools.sshd ? describe : describe.skip)('a Git host that speaks ssh (needs openssh-server)', () => {
  let host: SshHost;
  beforeAll(async () => {
    host = await startSshHost(join(folder, 'ssh'));
  });
  afterAll(() => host.close());

  const url = () => `${host.url}${registry.url}`;

  it('lets in who has a key, and is known by its own', async () => {
    const { key: sshKey, knownHosts } = host;
    expect(await fetchFrom(url(), { sshKey, knownHosts })).toBe(commit);
  });

  it('takes what is pushed with a key', async () => {
    const { key: sshKey, knownHosts } = host;
    commit = await pushTo(url(), { sshKey, knownHosts });
  });

  it('is not spoken to when its key is another one, or unknown', async () => {
    const others = join(folder, 'others');
    mkdirSync(others);
    const empty = join(others, 'empty');
    writeFileSync(empty, '');
    const changed = join(others, 'changed');
    const { port } = new URL(host.url);
    writeFileSync(
      changed,
      `[127.0.0.1]:${port} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n`,
    );
    for (const knownHosts of [empty, changed])
      await expect(fetchFrom(url(), { sshKey: host.key, knownHosts })).rejects.toEqual(REFUSED);
  });

  it('keeps out who has another key', async () => {
    const { knownHosts } = host;
    await expect(fetchFrom(url(), { sshKey: join(folder, 'ssh/host_key'), knownHosts })).rejects.toEqual(
      REFUSED,
    );
  });
});
