import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { describeOnEachDatabase } from '../../../../../test/support/database.ts';
import { useRegistryBench, template } from '../../../../../test/support/registry-bench.ts';
import type { RegistryBench } from '../../../../../test/support/registry-bench.ts';
import { loadSettings } from '../../config/index.ts';
import type { RegistryService } from '../registry.service.ts';
import { WorkingWatch } from './working-watch.ts';

Logger.overrideLogger(false);
jest.setTimeout(60_000);

const EDITED = expect.stringMatching(/^worktree\+[0-9a-f]{12}$/);

describeOnEachDatabase(describe, 'a registry that is served from a working copy', ({ open }) => {
  let bench: RegistryBench;
  let working: RegistryService;
  const environment = () => ({ REGISTRY_URL: bench.work, REGISTRY_WATCH: 'true' });

  useRegistryBench(open, (opened) => ({ bench } = opened));
  beforeEach(() => {
    bench.put('templates/letter/template.yaml', template('letter'));
    bench.put('templates/memo/template.yaml', template('memo'));
    working = bench.service(environment());
  });

  const commits = (view: { templates: Array<{ name: string; commit: string }> }) =>
    Object.fromEntries(view.templates.map(({ name, commit }) => [name, commit]));

  it('is its commit when nothing was edited', async () => {
    const head = bench.commit();
    const view = await working.sync();
    expect(view).toMatchObject({ url: bench.work, ref: 'worktree', commit: head, findings: [] });
    expect(commits(view)).toEqual({ letter: head, memo: head });
  });

  it('marks what was edited, and that alone, until it is committed', async () => {
    const { put, commit, plans } = bench;
    const head = commit();
    put('templates/memo/template.yaml', template('memo', 'Edited'));
    put('templates/letter/README.md', 'Not part of what runs.');
    const edited = await working.sync();
    expect(edited.commit).toEqual(EDITED);
    expect(commits(edited)).toEqual({ letter: head, memo: EDITED });
    const { revision, plan } = await plans.resolve('memo');
    expect([plan.title, revision.commit]).toEqual(['Edited', EDITED]);
    expect((await plans.resolve('memo', revision.commit)).revision).toEqual(revision);

    const next = commit();
    expect(commits(await working.sync())).toEqual({ letter: head, memo: next });
    expect((await plans.resolve('memo')).revision).toEqual({ ...revision, commit: next });
  });

  it('notices when some of the edits are committed and others are not', async () => {
    const { put, git, commit } = bench;
    commit();
    for (const name of ['letter', 'memo']) put(`templates/${name}/template.yaml`, template(name, 'Edited'));
    expect(commits(await working.sync())).toEqual({ letter: EDITED, memo: EDITED });
    git('commit', '--quiet', '--message=x', 'templates/memo');
    expect(commits(await working.sync())).toEqual({ letter: EDITED, memo: git('rev-parse', 'HEAD') });
  });

  it('marks all of it where there is no commit, or no repository', async () => {
    expect(commits(await working.sync())).toEqual({ letter: EDITED, memo: EDITED });
    rmSync(join(bench.work, '.git'), { recursive: true });
    expect(commits(await bench.service(environment()).sync())).toEqual({ letter: EDITED, memo: EDITED });
  });

  it('may be a folder of a repository', async () => {
    const { work } = bench;
    mkdirSync(join(work, 'content/registry'), { recursive: true });
    for (const name of ['stagewright.yaml', 'templates'])
      renameSync(join(work, name), join(work, 'content/registry', name));
    const head = bench.commit();
    const inside = bench.service({ ...environment(), REGISTRY_URL: join(work, 'content/registry') });
    expect(commits(await inside.sync())).toEqual({ letter: head, memo: head });
    bench.put('content/registry/templates/memo/template.yaml', template('memo', 'Edited'));
    expect(commits(await inside.sync())).toEqual({ letter: head, memo: EDITED });
  });

  it('keeps the last good revision of a template that an edit breaks', async () => {
    const head = bench.commit();
    await working.sync();
    bench.put('templates/memo/template.yaml', 'name: memo\n');
    const view = await working.sync();
    expect(view.templates).toMatchObject([
      { name: 'letter', broken: false },
      { name: 'memo', broken: true, commit: head },
    ]);
  });

  it('follows no link', async () => {
    symlinkSync('/etc/passwd', join(bench.work, 'templates/memo/passwd'));
    symlinkSync('/etc', join(bench.work, 'templates/etc'));
    expect((await working.sync()).findings.map(({ code, file }) => [code, file])).toEqual([
      ['REGISTRY_ENTRY_FORBIDDEN', 'templates/etc'],
      ['REGISTRY_ENTRY_FORBIDDEN', 'templates/memo/passwd'],
    ]);
  });

  it('is read again when somebody edits or commits', async () => {
    const head = bench.commit();
    await working.sync();
    const settings = loadSettings({
      environment: { DATA_DIR: join(bench.folder, 'data'), ...environment() },
    });
    const watch = new WorkingWatch(settings, working);
    watch.onApplicationBootstrap();
    const becomes = async (memo: unknown): Promise<void> => {
      for (let tries = 0; tries < 100; tries += 1) {
        const found = commits(await working.view());
        if (found['memo'] !== undefined && expect.objectContaining({ memo }).asymmetricMatch(found)) return;
        await new Promise((later) => setTimeout(later, 100));
      }
      throw new Error(`The edit was not noticed: ${JSON.stringify(commits(await working.view()))}`);
    };
    try {
      bench.put('templates/memo/template.yaml', template('memo', 'Edited'));
      await becomes(EDITED);
      const next = bench.commit();
      expect(next).not.toBe(head);
      await becomes(next);
    } finally {
      watch.beforeApplicationShutdown();
      await working.settled(10_000);
    }
  });

  it('must be a folder with a registry', () => {
    expect(() => bench.service({ ...environment(), REGISTRY_URL: join(bench.work, 'templates') })).toThrow(
      expect.objectContaining({ code: 'REGISTRY_NOT_FOUND' }),
    );
  });
});
