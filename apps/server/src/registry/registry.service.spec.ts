import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { describeOnEachDatabase } from '../../../../test/support/database.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { RevisionPlans } from '../templates/revision-plans.ts';
import { useRegistryBench, template } from '../../../../test/support/registry-bench.ts';
import type { RegistryBench } from '../../../../test/support/registry-bench.ts';

Logger.overrideLogger(false);
jest.setTimeout(60_000);

describeOnEachDatabase(describe, 'a registry', ({ open }) => {
  let database: OpenDatabase;
  let bench: RegistryBench;

  useRegistryBench(open, (opened) => ({ database, bench } = opened));

  const page = { skip: 0, limit: 50 };

  it('serves nothing before its first sync and everything good after it', async () => {
    const { put, commit, work } = bench;
    put('templates/memo/template.yaml', template('memo'));
    const id = commit();
    expect(await bench.registry.view()).toMatchObject({
      commit: null,
      syncedAt: null,
      templates: [],
      findings: [],
    });
    const view = await bench.registry.sync();
    expect(view).toMatchObject({
      url: work,
      ref: 'main',
      commit: id,
      syncedAt: '2026-11-21T10:00:00.000Z',
      ageSeconds: 0,
      failure: null,
    });
    expect(view.findings).toEqual([]);
    expect(view.templates).toMatchObject([{ name: 'memo', version: '1.0.0', commit: id, broken: false }]);
  });

  it('writes no revision when nothing changed, only that it looked, and checks everything after a start', async () => {
    const { put, commit, registry, work } = bench;
    put('templates/memo/template.yaml', template('memo'));
    commit();
    const first = await registry.sync();
    const written = (): Promise<unknown> =>
      database.database.query({ name: '', text: 'select xmin::text, digest from revision' }, []);
    const before = await written();
    renameSync(work, `${work}-away`);
    await expect(registry.sync()).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
    renameSync(`${work}-away`, work);
    expect((await registry.view()).failure).not.toBeNull();

    expect(await registry.sync()).toEqual(first);
    expect(await written()).toEqual(before);
    // As a release that finds more wrong with it would have left it.
    const outdated = `update revision set findings = '[{"code": "OUTDATED"}]'`;
    await database.database.query({ name: '', text: outdated }, []);
    await registry.sync();
    expect((await bench.templates.show('default', 'memo')).findings).toMatchObject([{ code: 'OUTDATED' }]);
    expect(await bench.service({ REGISTRY_URL: work }).sync()).toEqual(first);
    expect((await bench.templates.show('default', 'memo')).findings).toEqual([]);
  });

  it('loads 49 of 50 templates, names the broken one by file and line, and keeps its last good version', async () => {
    const { put, commit } = bench;
    const names = Array.from({ length: 49 }, (_, index) => `memo-${index}`);
    for (const name of names) put(`templates/${name}/template.yaml`, template(name));
    put('templates/victim/template.yaml', template('victim', 'Good'));
    const good = commit();
    const before = (await bench.registry.sync()).templates.find(({ name }) => name === 'victim');
    for (const name of names) put(`templates/${name}/template.yaml`, template(name, 'Changed'));
    put(
      'templates/victim/template.yaml',
      template('victim', 'Bad').replace('stages.write.output.text', 'stages.wrote.output.text'),
    );
    const bad = commit();
    const after = await bench.registry.sync();
    expect(after.commit).toBe(bad);
    expect(after.templates.filter(({ commit: at }) => at === bad)).toHaveLength(49);
    expect(after.templates.find(({ name }) => name === 'victim')).toEqual({
      ...before,
      commit: good,
      broken: true,
    });
    const found = expect.objectContaining({
      severity: 'error',
      file: 'templates/victim/template.yaml',
      line: 14,
      code: expect.stringMatching(/^[A-Z]+_/),
    });
    expect(after.findings).toEqual([found]);
    expect(await bench.templates.show('default', 'victim')).toMatchObject({
      title: 'Good',
      broken: true,
      findings: [found],
      revision: { commit: good },
    });
    put('templates/victim/template.yaml', template('victim', 'Mended'));
    commit();
    expect((await bench.registry.sync()).templates.find(({ name }) => name === 'victim')).toMatchObject({
      broken: false,
    });
    expect(await bench.templates.show('default', 'victim')).toMatchObject({ title: 'Mended', findings: [] });
  });

  it('keeps the plans of runs when a template changes, goes, or its history is rewritten', async () => {
    const { git, put, commit, work } = bench;
    put('templates/memo/template.yaml', template('memo', 'First'));
    const first = commit();
    await bench.registry.sync();
    const pinned = (await bench.plans.resolve('memo')).revision;
    put('templates/memo/template.yaml', template('memo', 'Second'));
    git('add', '--all');
    git('commit', '--quiet', '--amend', '--message=rewritten');
    await bench.registry.sync();
    expect((await bench.plans.resolve('memo')).plan.title).toBe('Second');
    await expect(bench.plans.resolve('memo', first)).rejects.toMatchObject({
      code: 'REGISTRY_REWRITTEN',
      details: { template: 'memo', commit: first },
    });
    rmSync(join(work, 'templates/memo'), { recursive: true });
    put('templates/other/template.yaml', template('other'));
    commit();
    await bench.registry.sync();
    expect((await new RevisionPlans(database.orm.em, database.database).byDigest(pinned.digest)).title).toBe(
      'First',
    );
    await expect(bench.plans.resolve('memo')).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' });
    await expect(bench.templates.show('default', 'memo')).rejects.toMatchObject({
      code: 'TEMPLATE_NOT_FOUND',
    });
    expect(
      (await bench.templates.revisions('default', 'memo', page)).items.map(({ served }) => served),
    ).toEqual([false, false]);
  });

  it('goes back to an earlier revision when the registry does', async () => {
    const { git, put, commit } = bench;
    put('templates/memo/template.yaml', template('memo', 'First'));
    const first = commit();
    await bench.registry.sync();
    put('templates/memo/template.yaml', template('memo', 'Second'));
    commit();
    await bench.registry.sync();
    git('revert', '--no-edit', 'HEAD');
    await bench.registry.sync();
    expect((await bench.plans.resolve('memo')).revision.commit).toBe(first);
    expect((await bench.templates.revisions('default', 'memo', page)).total).toBe(2);
  });

  it('resolves a template by digest, by the commit that brought it and by the present commit', async () => {
    const { put, commit } = bench;
    put('templates/memo/template.yaml', template('memo'));
    const first = commit();
    await bench.registry.sync();
    put('README.md', 'nothing of a template');
    const second = commit();
    await bench.registry.sync();
    const { revision } = await bench.plans.resolve('memo');
    expect(revision.commit).toBe(first);
    for (const name of [revision.digest, first, second])
      expect((await bench.plans.resolve('memo', name)).revision).toEqual(revision);
    await expect(bench.plans.resolve('memo', 'f'.repeat(40))).rejects.toMatchObject({
      code: 'REVISION_NOT_FOUND',
    });
    await expect(bench.plans.resolve('nothing', first)).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' });
    await expect(bench.plans.byDigest('0'.repeat(64))).rejects.toMatchObject({ code: 'REVISION_NOT_FOUND' });
  });

  it('lists by type and category, in pages', async () => {
    const { put, commit } = bench;
    for (const name of ['letter', 'memo', 'note']) put(`templates/${name}/template.yaml`, template(name));
    commit();
    await bench.registry.sync();
    const list = async (query: object) => {
      const { items, total } = await bench.templates.list('default', { ...page, ...query });
      return [items.map(({ name }) => name), total];
    };
    expect(await list({})).toEqual([['letter', 'memo', 'note'], 3]);
    expect(await list({ category: 'office' })).toEqual([['memo', 'note'], 2]);
    expect(await list({ type: 'memo', skip: 1, limit: 1 })).toEqual([['memo'], 3]);
    expect(await list({ type: 'ebook' })).toEqual([[], 0]);
    expect(await bench.templates.list('another-workspace', page)).toEqual({ items: [], total: 0 });
    await expect(bench.templates.show('another-workspace', 'memo')).rejects.toMatchObject({
      code: 'TEMPLATE_NOT_FOUND',
    });
    expect(await bench.templates.show('default', 'memo')).toMatchObject({
      inputs: { type: 'object' },
      stages: [{ id: 'write', mode: 'manual', sequence: 10, approval: null, uses: null, forEach: false }],
      outputs: ['text'],
    });
  });

  it('refuses a link and serves the rest', async () => {
    const { put, commit, work } = bench;
    put('templates/memo/template.yaml', template('memo'));
    symlinkSync('/etc/passwd', join(work, 'templates/a.yaml'));
    commit();
    const view = await bench.registry.sync();
    expect(view.templates).toMatchObject([{ name: 'memo', broken: false }]);
    expect(view.findings).toMatchObject([{ code: 'REGISTRY_ENTRY_FORBIDDEN', file: 'templates/a.yaml' }]);
  });

  it('goes on serving when the registry is gone, says why, and recovers', async () => {
    const { put, commit, work, folder } = bench;
    put('templates/memo/template.yaml', template('memo'));
    const id = commit();
    await bench.registry.sync();
    renameSync(join(work, '.git'), join(folder, 'away'));
    await expect(bench.registry.sync()).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
    expect(await bench.registry.view()).toMatchObject({
      commit: id,
      failure: expect.stringMatching(/^REGISTRY_UNREACHABLE: /),
      templates: [{ name: 'memo' }],
    });
    renameSync(join(folder, 'away'), join(work, '.git'));
    expect(await bench.registry.sync()).toMatchObject({ commit: id, failure: null });
  });

  it('does not start on an address or a ref that is forbidden', () => {
    const { service, work } = bench;
    expect(() => service({ REGISTRY_URL: 'ext::sh -c id' })).toThrow(
      expect.objectContaining({ code: 'REGISTRY_URL_FORBIDDEN' }),
    );
    expect(() => service({ REGISTRY_URL: work, REGISTRY_REF: '--output=/x' })).toThrow(
      expect.objectContaining({ code: 'REGISTRY_REF_INVALID' }),
    );
  });
});
