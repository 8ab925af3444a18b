import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { catalogOf } from '@stagewright/engine/template';

import { describeOnEachDatabase } from '../../../../test/support/database.ts';
import { loadSettings } from '../config/index.ts';
import type { Settings } from '../config/index.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { RevisionPlans } from '../templates/revision-plans.ts';
import { TemplatesService } from '../templates/templates.service.ts';
import { RegistryReader } from './registry-reader.ts';
import { RegistryRecords } from './registry-records.ts';
import { RegistryService } from './registry.service.ts';

const CATALOG = catalogOf([
  {
    name: 'memo',
    version: '1.0.0',
    title: 'Memo',
    description: 'x',
    actions: [],
    workflowType: { name: 'memo', title: 'Memo', description: 'x' },
  },
]);

Logger.overrideLogger(false);
jest.setTimeout(30_000);

const clock = { now: () => '2026-11-21T10:00:00.000Z', after: () => () => undefined };

function template(name: string, title = name, extra = ''): string {
  return [
    'apiVersion: stagewright/v1',
    `name: ${name}`,
    `title: ${title}`,
    'description: A memo that a person writes.',
    'type: memo',
    'version: 1.0.0',
    'owners: [team]',
    `labels: {category: ${name === 'letter' ? 'mail' : 'office'}}`,
    'inputs: {type: object, additionalProperties: false, properties: {topic: {type: string}}}',
    'stages:',
    '  - id: write',
    '    mode: manual',
    '    form: {type: object, required: [text], additionalProperties: false, properties: {text: {type: string}}}',
    ...(extra === '' ? [] : [extra]),
    'outputs: {text: "${{ stages.write.output.text }}"}',
    '',
  ].join('\n');
}

describeOnEachDatabase(describe, 'a registry', ({ open }) => {
  let database: OpenDatabase;
  let folder: string;
  let work: string;
  let registry: RegistryService;
  let plans: RevisionPlans;
  let templates: TemplatesService;

  beforeAll(async () => {
    database = await open();
  }, 60_000);
  afterAll(async () => {
    await database.close();
  });

  beforeEach(async () => {
    await database.orm.em.fork().getConnection().execute('delete from revision; ');
    await database.orm.em.fork().getConnection().execute('delete from registry_state; ');
    folder = mkdtempSync(join(tmpdir(), 'registry-service-'));
    work = join(folder, 'work');
    mkdirSync(work);
    git('init', '--quiet', '--initial-branch=main');
    put('stagewright.yaml', 'apiVersion: stagewright/v1\nkind: Registry\nname: test\n');
    registry = service({ REGISTRY_URL: work });
    plans = new RevisionPlans(database.orm.em, database.database);
    templates = new TemplatesService(database.orm.em, plans);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function service(environment: Record<string, string>): RegistryService {
    const settings: Settings = loadSettings({
      environment: { DATA_DIR: join(folder, 'data'), ...environment },
    });
    return new RegistryService(
      settings,
      new RegistryReader(CATALOG),
      new RegistryRecords(database.orm.em, clock),
      clock,
    );
  }

  function git(...args: string[]): string {
    return gitAt(undefined, ...args);
  }

  /** With the clock of whoever commits at `date`. */
  function gitAt(date: string | undefined, ...args: string[]): string {
    return execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...args], {
      cwd: work,
      encoding: 'utf8',
      env: { ...process.env, ...(date === undefined ? {} : { GIT_COMMITTER_DATE: date }) },
    }).trim();
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

  const page = { skip: 0, limit: 50 };

  it('serves nothing before its first sync and everything good after it', async () => {
    put('templates/memo/template.yaml', template('memo'));
    const id = commit();
    expect(await registry.view()).toMatchObject({
      commit: null,
      syncedAt: null,
      templates: [],
      findings: [],
    });
    const view = await registry.sync();
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

  it('loads 49 of 50 templates, names the broken one by file and line, and keeps its last good version', async () => {
    const names = Array.from({ length: 49 }, (_, index) => `memo-${index}`);
    for (const name of names) put(`templates/${name}/template.yaml`, template(name));
    put('templates/victim/template.yaml', template('victim', 'Good'));
    const good = commit();
    const before = (await registry.sync()).templates.find(({ name }) => name === 'victim');
    for (const name of names) put(`templates/${name}/template.yaml`, template(name, 'Changed'));
    put(
      'templates/victim/template.yaml',
      template('victim', 'Bad').replace('stages.write.output.text', 'stages.wrote.output.text'),
    );
    const bad = commit();
    const after = await registry.sync();
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
    expect(await templates.show('default', 'victim')).toMatchObject({
      title: 'Good',
      broken: true,
      findings: [found],
      revision: { commit: good },
    });
    put('templates/victim/template.yaml', template('victim', 'Mended'));
    commit();
    expect((await registry.sync()).templates.find(({ name }) => name === 'victim')).toMatchObject({
      broken: false,
    });
    expect(await templates.show('default', 'victim')).toMatchObject({ title: 'Mended', findings: [] });
  });

  it('keeps the plans of runs when a template changes, goes, or its history is rewritten', async () => {
    put('templates/memo/template.yaml', template('memo', 'First'));
    const first = commit();
    await registry.sync();
    const pinned = (await plans.resolve('memo')).revision;
    put('templates/memo/template.yaml', template('memo', 'Second'));
    git('add', '--all');
    git('commit', '--quiet', '--amend', '--message=rewritten');
    await registry.sync();
    expect((await plans.resolve('memo')).plan.title).toBe('Second');
    await expect(plans.resolve('memo', first)).rejects.toMatchObject({
      code: 'REGISTRY_REWRITTEN',
      details: { template: 'memo', commit: first },
    });
    rmSync(join(work, 'templates/memo'), { recursive: true });
    put('templates/other/template.yaml', template('other'));
    commit();
    await registry.sync();
    expect((await new RevisionPlans(database.orm.em, database.database).byDigest(pinned.digest)).title).toBe(
      'First',
    );
    await expect(plans.resolve('memo')).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' });
    await expect(templates.show('default', 'memo')).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' });
    expect((await templates.revisions('default', 'memo', page)).items.map(({ served }) => served)).toEqual([
      false,
      false,
    ]);
  });

  describe('whose history is rewritten', () => {
    const codes = (view: { findings: Array<{ code: string }> }) => view.findings.map(({ code }) => code);
    const mirror = () => join(folder, 'data/registry.git');
    const pins = () =>
      git('--git-dir', mirror(), 'for-each-ref', '--format=%(objectname)', 'refs/pins').split('\n');

    /** Two good commits of which the second is taken back, and a third in its place. */
    async function rewritten(): Promise<{ kept: string; lost: string; now: string }> {
      put('templates/memo/template.yaml', template('memo', 'First'));
      const kept = commit();
      await registry.sync();
      put('templates/memo/template.yaml', template('memo', 'Second'));
      const lost = commit();
      await registry.sync();
      git('reset', '--quiet', '--hard', kept);
      put('templates/memo/template.yaml', template('memo', 'Third'));
      return { kept, lost, now: commit() };
    }

    it('says so, refuses the lost commit to new runs and keeps it for those that have it', async () => {
      const { kept, lost, now } = await rewritten();
      const pinned = (await plans.resolve('memo', lost)).revision;
      const view = await registry.sync();
      expect(view).toMatchObject({ commit: now, templates: [{ name: 'memo', commit: now, broken: false }] });
      expect(view.findings).toEqual([
        expect.objectContaining({
          code: 'REGISTRY_REWRITTEN',
          severity: 'warning',
          message: expect.stringContaining(lost),
        }),
      ]);
      for (const name of [lost, pinned.digest])
        await expect(plans.resolve('memo', name)).rejects.toMatchObject({ code: 'REGISTRY_REWRITTEN' });
      expect((await plans.resolve('memo', kept)).plan.title).toBe('First');
      expect((await plans.resolve('memo')).plan.title).toBe('Third');
      expect(
        (await new RevisionPlans(database.orm.em, database.database).byDigest(pinned.digest)).title,
      ).toBe('Second');
      expect(pins().sort()).toEqual([kept, lost].sort());
      const revisions = (await templates.revisions('default', 'memo', page)).items;
      expect(new Map(revisions.map((one) => [one.commit, one.lost]))).toEqual(
        new Map([
          [now, false],
          [lost, true],
          [kept, false],
        ]),
      );
      expect(codes(await registry.sync())).toEqual(['REGISTRY_REWRITTEN']);
    });

    it('takes the lost commit back when it is pushed again', async () => {
      const { lost } = await rewritten();
      await registry.sync();
      git('reset', '--quiet', '--hard', lost);
      await registry.sync();
      expect((await plans.resolve('memo', lost)).plan.title).toBe('Second');
    });

    it('finds the same content under its new commit', async () => {
      put('templates/memo/template.yaml', template('memo'));
      const lost = commit();
      await registry.sync();
      const { digest } = (await plans.resolve('memo')).revision;
      git('commit', '--quiet', '--amend', '--message=reworded');
      await registry.sync();
      const now = git('rev-parse', 'HEAD');
      expect((await plans.resolve('memo')).revision).toMatchObject({ digest, commit: now });
      await expect(plans.resolve('memo', lost)).rejects.toMatchObject({ code: 'REVISION_NOT_FOUND' });
    });

    it('tells it from many commits, a merge, a clock that is wrong and a commit taken back by another', async () => {
      put('templates/memo/template.yaml', template('memo', 'First'));
      const first = commit();
      await registry.sync();
      git('checkout', '--quiet', '-b', 'side');
      for (let index = 0; index < 4; index += 1)
        git('commit', '--quiet', '--allow-empty', `--message=${index}`);
      git('checkout', '--quiet', 'main');
      git('commit', '--quiet', '--allow-empty', '--message=main');
      git('merge', '--quiet', '--no-ff', '--message=merge', 'side');
      expect(codes(await registry.sync())).toEqual([]);
      gitAt('2001-01-01T00:00:00Z', 'commit', '--quiet', '--allow-empty', '--message=old');
      expect(codes(await registry.sync())).toEqual([]);
      put('templates/memo/template.yaml', template('memo', 'Second'));
      commit();
      git('revert', '--no-edit', 'HEAD');
      expect(codes(await registry.sync())).toEqual([]);
      expect((await plans.resolve('memo', first)).plan.title).toBe('First');
    });

    it('says nothing when another ref is followed', async () => {
      put('templates/memo/template.yaml', template('memo'));
      commit();
      git('branch', 'other');
      commitEmpty();
      await registry.sync();
      const view = await service({ REGISTRY_URL: work, REGISTRY_REF: 'other' }).sync();
      expect(codes(view)).toEqual([]);
    });
  });

  function commitEmpty(): void {
    git('commit', '--quiet', '--allow-empty', '--message=empty');
  }

  it('goes back to an earlier revision when the registry does', async () => {
    put('templates/memo/template.yaml', template('memo', 'First'));
    const first = commit();
    await registry.sync();
    put('templates/memo/template.yaml', template('memo', 'Second'));
    commit();
    await registry.sync();
    git('revert', '--no-edit', 'HEAD');
    await registry.sync();
    expect((await plans.resolve('memo')).revision.commit).toBe(first);
    expect((await templates.revisions('default', 'memo', page)).total).toBe(2);
  });

  it('resolves a template by digest, by the commit that brought it and by the present commit', async () => {
    put('templates/memo/template.yaml', template('memo'));
    const first = commit();
    await registry.sync();
    put('README.md', 'nothing of a template');
    const second = commit();
    await registry.sync();
    const { revision } = await plans.resolve('memo');
    expect(revision.commit).toBe(first);
    for (const name of [revision.digest, first, second])
      expect((await plans.resolve('memo', name)).revision).toEqual(revision);
    await expect(plans.resolve('memo', 'f'.repeat(40))).rejects.toMatchObject({ code: 'REVISION_NOT_FOUND' });
    await expect(plans.resolve('nothing', first)).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' });
    await expect(plans.byDigest('0'.repeat(64))).rejects.toMatchObject({ code: 'REVISION_NOT_FOUND' });
  });

  it('lists by type and category, in pages', async () => {
    for (const name of ['letter', 'memo', 'note']) put(`templates/${name}/template.yaml`, template(name));
    commit();
    await registry.sync();
    const list = async (query: object) => {
      const { items, total } = await templates.list('default', { ...page, ...query });
      return [items.map(({ name }) => name), total];
    };
    expect(await list({})).toEqual([['letter', 'memo', 'note'], 3]);
    expect(await list({ category: 'office' })).toEqual([['memo', 'note'], 2]);
    expect(await list({ type: 'memo', skip: 1, limit: 1 })).toEqual([['memo'], 3]);
    expect(await list({ type: 'ebook' })).toEqual([[], 0]);
    expect(await templates.list('another-workspace', page)).toEqual({ items: [], total: 0 });
    await expect(templates.show('another-workspace', 'memo')).rejects.toMatchObject({
      code: 'TEMPLATE_NOT_FOUND',
    });
    expect(await templates.show('default', 'memo')).toMatchObject({
      inputs: { type: 'object' },
      stages: [{ id: 'write', mode: 'manual', sequence: 10, approval: null, uses: null, forEach: false }],
      outputs: ['text'],
    });
  });

  it('refuses a link and serves the rest', async () => {
    put('templates/memo/template.yaml', template('memo'));
    symlinkSync('/etc/passwd', join(work, 'templates/a.yaml'));
    commit();
    const view = await registry.sync();
    expect(view.templates).toMatchObject([{ name: 'memo', broken: false }]);
    expect(view.findings).toMatchObject([{ code: 'REGISTRY_ENTRY_FORBIDDEN', file: 'templates/a.yaml' }]);
  });

  it('goes on serving when the registry is gone, says why, and recovers', async () => {
    put('templates/memo/template.yaml', template('memo'));
    const id = commit();
    await registry.sync();
    renameSync(join(work, '.git'), join(folder, 'away'));
    await expect(registry.sync()).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
    expect(await registry.view()).toMatchObject({
      commit: id,
      failure: expect.stringMatching(/^REGISTRY_UNREACHABLE: /),
      templates: [{ name: 'memo' }],
    });
    renameSync(join(folder, 'away'), join(work, '.git'));
    expect(await registry.sync()).toMatchObject({ commit: id, failure: null });
  });

  it('syncs once when it is asked several times at once', async () => {
    put('templates/memo/template.yaml', template('memo'));
    const id = commit();
    const views = await Promise.all([registry.sync(), registry.sync(), registry.sync()]);
    expect(views.map((view) => view.commit)).toEqual([id, id, id]);
  });

  it('takes two servers that sync at once', async () => {
    for (const name of ['letter', 'memo', 'note']) put(`templates/${name}/template.yaml`, template(name));
    commit();
    const other = service({ REGISTRY_URL: work, DATA_DIR: join(folder, 'data-2') });
    await Promise.all([registry.sync(), other.sync()]);
    expect((await registry.view()).templates.map(({ name }) => name)).toEqual(['letter', 'memo', 'note']);
  });

  it('does not start on an address or a ref that is forbidden', () => {
    expect(() => service({ REGISTRY_URL: 'ext::sh -c id' })).toThrow(
      expect.objectContaining({ code: 'REGISTRY_URL_FORBIDDEN' }),
    );
    expect(() => service({ REGISTRY_URL: work, REGISTRY_REF: '--output=/x' })).toThrow(
      expect.objectContaining({ code: 'REGISTRY_REF_INVALID' }),
    );
  });
});
