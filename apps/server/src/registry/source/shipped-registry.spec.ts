import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { openTestPglite } from '../../../../../test/support/database.ts';
import { template } from '../../../../../test/support/registry-bench.ts';
import { openWriterBench, writer } from '../../../../../test/support/registry-writer-bench.ts';
import type { WriterBench } from '../../../../../test/support/registry-writer-bench.ts';
import type { OpenDatabase } from '../../database/open-database.ts';
import { findShippedRegistry, seedRegistry } from './shipped-registry.ts';

Logger.overrideLogger(false);
jest.setTimeout(60_000);

describe('the registry that ships, written to over the API', () => {
  let database: OpenDatabase;
  let bench: WriterBench;
  beforeAll(async () => {
    database = await openTestPglite();
    bench = await openWriterBench(database);
  });
  afterAll(async () => {
    bench.remove();
    await database.close();
  });

  it('keeps a template through restarts and syncs', async () => {
    const environment = { REGISTRY_URL: '' };
    const first = bench.server('home', environment);
    await first.registry.sync();
    const { revision } = await first.templates.add(writer(), { template: template('letter'), files: {} });
    const text = readFileSync(join(findShippedRegistry(), 'prompts/house-style.hbs'), 'utf8');
    await first.promptWrites.change(writer(), 'house-style', { text: `${text}Be brief.\n` });
    const again = bench.server('home', environment);
    for (const server of [first, again, again]) {
      await server.registry.sync();
      expect((await bench.plans.resolve('letter')).revision).toEqual(revision);
      expect((await server.prompts.show(writer(), 'house-style')).text).toContain('Be brief.');
    }
    const { items } = await again.prompts.history(writer(), 'house-style', { skip: 0, limit: 50 });
    expect(items.map(({ subject }) => subject)).toEqual([
      'Change prompt house-style',
      'The registry that ships with Stagewright',
    ]);
  });
});

describe('a new release of the registry that ships', () => {
  let home: string;
  let gitDir: string;
  let folder: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'shipped-registry-'));
    gitDir = join(home, 'seed.git');
    folder = join(home, 'registry');
    ship('stagewright.yaml', 'one');
    ship('templates/book/template.yaml', 'one');
    ship('templates/book/old.md', 'one');
    ship('templates/page/template.yaml', 'one');
    ship('prompts/tone.hbs', 'one');
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  function ship(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const git = (...args: string[]): string =>
    execFileSync('git', [`--git-dir=${gitDir}`, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
      encoding: 'utf8',
    }).trim();
  const show = (path: string): string => git('show', `main:${path}`);
  const seed = async (): Promise<string> => {
    await seedRegistry(folder, gitDir);
    return git('rev-parse', 'main');
  };
  /** Commits on top of main, as the API does; null removes. */
  function change(path: string, text: string | null): void {
    const index = { ...process.env, GIT_INDEX_FILE: join(home, 'index') };
    const run = (args: string[], input = ''): string =>
      execFileSync('git', [`--git-dir=${gitDir}`, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
        env: index,
        input,
        encoding: 'utf8',
      }).trim();
    run(['read-tree', 'main']);
    if (text === null) run(['update-index', '--index-info'], `0 ${'0'.repeat(40)}\t${path}\n`);
    else
      run([
        'update-index',
        '--add',
        '--cacheinfo',
        `100644,${run(['hash-object', '-w', '--stdin'], text)},${path}`,
      ]);
    run(['update-ref', 'refs/heads/main', run(['commit-tree', run(['write-tree']), '-p', 'main'], 'change')]);
  }

  it('replaces the old one where nothing was changed, and is one commit as before', async () => {
    const first = await seed();
    expect(await seed()).toBe(first);
    ship('prompts/tone.hbs', 'two');
    expect(await seed()).not.toBe(first);
    expect(git('rev-list', '--count', 'main')).toBe('1');
    ship('prompts/tone.hbs', 'one');
    expect(await seed()).toBe(first);
  });

  it('is taken up around what was changed: a changed template stays as a whole', async () => {
    await seed();
    change('templates/book/template.yaml', 'mine');
    change('templates/own/template.yaml', 'mine');
    change('prompts/tone.hbs', null);
    const mine = git('rev-parse', 'main');
    expect(await seed()).toBe(mine);
    rmSync(join(folder, 'templates/book/old.md'));
    ship('templates/book/new.md', 'two');
    ship('templates/page/template.yaml', 'two');
    ship('templates/more/template.yaml', 'two');
    ship('prompts/tone.hbs', 'two');
    const merged = await seed();
    expect(git('ls-tree', '-r', '--name-only', 'main').split('\n')).toEqual([
      'stagewright.yaml',
      'templates/book/old.md',
      'templates/book/template.yaml',
      'templates/more/template.yaml',
      'templates/own/template.yaml',
      'templates/page/template.yaml',
    ]);
    expect([show('templates/book/template.yaml'), show('templates/page/template.yaml')]).toEqual([
      'mine',
      'two',
    ]);
    expect(git('rev-parse', 'main^1')).toBe(mine);
    expect(await seed()).toBe(merged);
    change('stagewright.yaml', 'mine');
    ship('stagewright.yaml', 'three');
    ship('templates/page/template.yaml', 'three');
    await seed();
    expect([show('stagewright.yaml'), show('templates/page/template.yaml')]).toEqual(['mine', 'three']);
  });

  it('takes over a data directory of a release that knew of no changes', async () => {
    const first = await seed();
    git('update-ref', '-d', 'refs/shipped/base');
    ship('prompts/tone.hbs', 'two');
    expect(await seed()).not.toBe(first);
    expect([show('prompts/tone.hbs'), git('rev-list', '--count', 'main')]).toEqual(['two', '1']);
  });

  it('can be seeded by many at once', async () => {
    const seeds = await Promise.all(Array.from({ length: 5 }, () => seed()));
    expect(new Set(seeds).size).toBe(1);
  });
});
