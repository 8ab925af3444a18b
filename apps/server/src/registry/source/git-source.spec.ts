import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { NO_ACCESS } from '../../../../../test/support/registry-bench.ts';
import { checkRegistryRef } from './registry-ref.ts';
import { checkRegistryUrl } from './registry-url.ts';

const FORBIDDEN = expect.objectContaining({ code: 'REGISTRY_URL_FORBIDDEN' });
const INVALID = expect.objectContaining({ code: 'REGISTRY_REF_INVALID' });

let folder: string;
let marker: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'registry-source-'));
  marker = join(folder, 'marker');
  mkdirSync(join(folder, 'plain'));
  execFileSync('git', ['init', '--quiet', '--bare', join(folder, 'good.git')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the address of a registry', () => {
  const data = { allowLocal: false, access: NO_ACCESS };
  const operator = { allowLocal: true, access: NO_ACCESS };
  const access = { ...NO_ACCESS, sshKey: '/keys/registry' };
  const withKey = { allowLocal: false, access };

  it.each([
    ['a transport that runs a command', 'ext::sh -c touch% marker'],
    ['a transport that runs a command, without spaces', 'ext::sh'],
    ['a file descriptor', 'fd::17'],
    ['an option', '--upload-pack=touch marker'],
    ['an option without spaces', '--upload-pack=touch'],
    ['a short option', '-u'],
    ['a bundle of short options', '-vu'],
    ['a configuration', '-c'],
    ['a configuration that opens a transport', '--config=protocol.ext.allow=always'],
    ['a configuration after a blank', '-c PROTOCOL.ext.ALLOW=always'],
    ['a relative path', '../x'],
    ['a bare word', 'origin'],
    ['the SCP form', 'git@github.com:acme/registry.git'],
    ['plain http', 'http://example.org/x.git'],
    ['plain http to the machine itself', 'http://127.0.0.1/x.git'],
    ['the git protocol', 'git://example.org/x.git'],
    ['ftp', 'ftp://example.org/x.git'],
    ['a user name', 'https://user@example.org/x.git'],
    ['a password', 'https://user:CANARY-TOKEN@example.org/x.git'],
    ['a query', 'https://example.org/x.git?token=CANARY-TOKEN'],
    ['a line break', 'https://example.org/x.git\n--upload-pack=x'],
    ['a backslash', 'https://example.org\\@127.0.0.1/x.git'],
    ['ssh without a key', 'ssh://git@example.org/x.git'],
    ['a local path', '/srv/other-tenant.git'],
    ['a file address', 'file:///etc'],
    ['a file address of a host', 'file://host/share/x.git'],
    ['an empty one', ''],
    ['an endless one', `https://example.org/${'x'.repeat(3000)}`],
  ])('refuses %s, before Git runs', (_title, url) => {
    expect(() => checkRegistryUrl(url, data)).toThrow(FORBIDDEN);
    expect(existsSync(marker)).toBe(false);
  });

  it('does not repeat a password in its refusal', () => {
    try {
      checkRegistryUrl('https://user:CANARY-TOKEN@example.org/x.git', data);
    } catch (error) {
      expect(JSON.stringify({ ...(error as Error), message: (error as Error).message })).not.toContain(
        'CANARY-TOKEN',
      );
    }
    expect.assertions(1);
  });

  it.each([
    ['a host that is an option', 'ssh://-oProxyCommand=touch/x.git'],
    ['a user that is an option', 'ssh://-oProxyCommand=touch@example.org/x.git'],
    ['a password', 'ssh://git:secret@example.org/x.git'],
  ])('refuses ssh with %s', (_title, url) => {
    expect(() => checkRegistryUrl(url, withKey)).toThrow(FORBIDDEN);
  });

  it('refuses, even to the operator, a path without a repository', () => {
    expect(() => checkRegistryUrl('file:///etc', operator)).toThrow(FORBIDDEN);
    expect(() => checkRegistryUrl(join(folder, 'plain'), operator)).toThrow(FORBIDDEN);
    expect(() => checkRegistryUrl('../good.git', operator)).toThrow(FORBIDDEN);
  });

  it.each(['http://example.org/x.git', 'http://127.0.0.1.example.org/x.git', 'http://git:x@127.0.0.1/x.git'])(
    'refuses, even to the operator, %s',
    (url) => expect(() => checkRegistryUrl(url, operator)).toThrow(FORBIDDEN),
  );

  it.each([
    'http://127.0.0.1:3001/x.git',
    'http://[::1]/x.git',
    'http://localhost/x.git',
    'http://127.1/x.git',
  ])('accepts %s of the operator, which leaves no machine', (url) =>
    expect(checkRegistryUrl(url, operator)).toMatchObject({ protocol: 'http' }),
  );

  it("accepts https, ssh with a key, and the operator's own local repository", () => {
    expect(checkRegistryUrl('https://github.com/acme/registry.git', data)).toMatchObject({
      protocol: 'https',
    });
    expect(checkRegistryUrl('ssh://git@example.org:2222/x.git', withKey)).toMatchObject({
      protocol: 'ssh',
      access,
    });
    expect(checkRegistryUrl(join(folder, 'good.git'), operator)).toMatchObject({ protocol: 'file' });
    expect(checkRegistryUrl(`file://${folder}/good.git`, operator)).toEqual({
      url: join(folder, 'good.git'),
      protocol: 'file',
      access: null,
    });
  });
});

describe('the ref of a registry', () => {
  it.each([
    '-f',
    '--detach',
    '--output=/x',
    '-',
    'zzz";echo${IFS}"hello";#',
    'main\n--exec=x',
    'a..b',
    'x'.repeat(300),
    '',
    ' main',
    'a b',
    '+main',
    'main:refs/heads/x',
    'refs/heads/*',
    'main^{tree}',
    'main~1',
    '@{-1}',
    'a//b',
    '/main',
    'main/',
    '.hidden',
    'a/.b',
    'a.lock',
    'a.lock/b',
    'main.',
    'a\\b',
    'a?b',
    'a[b',
    '\u0000',
    'mäin',
  ])('refuses %j', (ref) => {
    expect(() => checkRegistryRef(ref)).toThrow(INVALID);
  });

  it.each([
    'main',
    'release/1.2',
    'v1.0.0',
    'feature/A_b-c',
    'dependabot/npm/x-1.2+build',
    'user@topic',
    'a'.repeat(40),
  ])('accepts %s', (ref) => {
    expect(checkRegistryRef(ref)).toBe(ref);
  });
});
