import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A bare Git repository that serves as a registry, and the working folder that commits to it. */
export interface GitRegistry {
  /** Absolute path of the bare repository: REGISTRY_URL. */
  readonly url: string;
  /** Of the working folder. */
  readonly folder: string;
  put(path: string, content: string | Uint8Array): void;
  git(...args: string[]): string;
  /** With something to read, in the bare repository. */
  feed(input: string, ...args: string[]): void;
  /** Commits everything and pushes; gives the commit's id. */
  publish(message: string): string;
  remove(): void;
}

const CONFIG = [
  '-c',
  'user.name=Test',
  '-c',
  'user.email=test@example.org',
  '-c',
  'commit.gpgsign=false',
  '-c',
  'protocol.file.allow=always',
];

/** A registry with these files, or a copy of a folder. Nothing is published yet. */
export function makeGitRegistry(content: Record<string, string> | { copyOf: string }): GitRegistry {
  const root = mkdtempSync(join(tmpdir(), 'stagewright-registry-'));
  const url = join(root, 'registry.git');
  const folder = join(root, 'work');
  mkdirSync(folder);
  const env = { PATH: process.env['PATH'] ?? '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: string[]): string =>
    execFileSync('git', [...CONFIG, ...args], { cwd: folder, env, encoding: 'utf8' }).trim();
  git('init', '--quiet', '--bare', '--initial-branch=main', url);
  git('init', '--quiet', '--initial-branch=main');
  git('remote', 'add', 'origin', url);
  const put = (path: string, text: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  if (typeof content['copyOf'] === 'string') cpSync(content['copyOf'], folder, { recursive: true });
  else for (const [path, text] of Object.entries(content as Record<string, string>)) put(path, text);
  return {
    url,
    folder,
    put,
    git,
    feed: (input, ...args) => void execFileSync('git', [...CONFIG, ...args], { cwd: url, env, input }),
    publish: (message) => {
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '-m', message);
      git('push', '--quiet', 'origin', 'main');
      return git('rev-parse', 'HEAD');
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

export const MANIFEST =
  'apiVersion: stagewright/v1\nkind: Registry\nname: test\ntitle: Test\nowners: [test]\n';
