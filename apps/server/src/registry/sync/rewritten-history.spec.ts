import { join } from 'node:path';

import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { describeOnEachDatabase } from '../../../../../test/support/database.ts';
import type { OpenDatabase } from '../../database/open-database.ts';
import { RevisionPlans } from '../../templates/revision-plans.ts';
import { useRegistryBench, template } from '../../../../../test/support/registry-bench.ts';
import type { RegistryBench } from '../../../../../test/support/registry-bench.ts';

Logger.overrideLogger(false);
jest.setTimeout(60_000);

describeOnEachDatabase(describe, 'a registry whose history is rewritten', ({ open }) => {
  let database: OpenDatabase;
  let bench: RegistryBench;

  useRegistryBench(open, (opened) => ({ database, bench } = opened));

  const page = { skip: 0, limit: 50 };
  const codes = (view: { findings: Array<{ code: string }> }) => view.findings.map(({ code }) => code);
  const mirror = () => join(bench.folder, 'data/registry.git');
  const pins = () =>
    bench.git('--git-dir', mirror(), 'for-each-ref', '--format=%(objectname)', 'refs/pins').split('\n');

  /** Two good commits of which the second is taken back, and a third in its place. */
  async function rewritten(): Promise<{ kept: string; lost: string; now: string }> {
    const { git, put, commit } = bench;
    put('templates/memo/template.yaml', template('memo', 'First'));
    const kept = commit();
    await bench.registry.sync();
    put('templates/memo/template.yaml', template('memo', 'Second'));
    const lost = commit();
    await bench.registry.sync();
    git('reset', '--quiet', '--hard', kept);
    put('templates/memo/template.yaml', template('memo', 'Third'));
    return { kept, lost, now: commit() };
  }

  it('says so, refuses the lost commit to new runs and keeps it for those that have it', async () => {
    const { kept, lost, now } = await rewritten();
    const pinned = (await bench.plans.resolve('memo', lost)).revision;
    const view = await bench.registry.sync();
    expect(view).toMatchObject({ commit: now, templates: [{ name: 'memo', commit: now, broken: false }] });
    expect(view.findings).toEqual([
      expect.objectContaining({
        code: 'REGISTRY_REWRITTEN',
        severity: 'warning',
        message: expect.stringContaining(lost),
      }),
    ]);
    for (const name of [lost, pinned.digest])
      await expect(bench.plans.resolve('memo', name)).rejects.toMatchObject({ code: 'REGISTRY_REWRITTEN' });
    expect((await bench.plans.resolve('memo', kept)).plan.title).toBe('First');
    expect((await bench.plans.resolve('memo')).plan.title).toBe('Third');
    expect((await new RevisionPlans(database.orm.em, database.database).byDigest(pinned.digest)).title).toBe(
      'Second',
    );
    expect(pins().sort()).toEqual([kept, lost, now].sort());
    const revisions = (await bench.templates.revisions('default', 'memo', page)).items;
    expect(new Map(revisions.map((one) => [one.commit, one.lost]))).toEqual(
      new Map([
        [now, false],
        [lost, true],
        [kept, false],
      ]),
    );
    expect(codes(await bench.registry.sync())).toEqual(['REGISTRY_REWRITTEN']);
  });

  it('takes the lost commit back when it is pushed again', async () => {
    const { git } = bench;
    const { lost } = await rewritten();
    await bench.registry.sync();
    git('reset', '--quiet', '--hard', lost);
    await bench.registry.sync();
    expect((await bench.plans.resolve('memo', lost)).plan.title).toBe('Second');
  });

  it('finds the same content under its new commit', async () => {
    const { git, put, commit } = bench;
    put('templates/memo/template.yaml', template('memo'));
    const lost = commit();
    await bench.registry.sync();
    const { digest } = (await bench.plans.resolve('memo')).revision;
    git('commit', '--quiet', '--amend', '--message=reworded');
    await bench.registry.sync();
    const now = git('rev-parse', 'HEAD');
    expect((await bench.plans.resolve('memo')).revision).toMatchObject({ digest, commit: now });
    await expect(bench.plans.resolve('memo', lost)).rejects.toMatchObject({ code: 'REVISION_NOT_FOUND' });
  });

  it('tells it from many commits, a merge, a clock that is wrong and a commit taken back by another', async () => {
    const { git, gitAt, put, commit } = bench;
    put('templates/memo/template.yaml', template('memo', 'First'));
    const first = commit();
    await bench.registry.sync();
    git('checkout', '--quiet', '-b', 'side');
    for (let index = 0; index < 4; index += 1)
      git('commit', '--quiet', '--allow-empty', `--message=${index}`);
    git('checkout', '--quiet', 'main');
    git('commit', '--quiet', '--allow-empty', '--message=main');
    git('merge', '--quiet', '--no-ff', '--message=merge', 'side');
    expect(codes(await bench.registry.sync())).toEqual([]);
    gitAt('2001-01-01T00:00:00Z', 'commit', '--quiet', '--allow-empty', '--message=old');
    expect(codes(await bench.registry.sync())).toEqual([]);
    put('templates/memo/template.yaml', template('memo', 'Second'));
    commit();
    git('revert', '--no-edit', 'HEAD');
    expect(codes(await bench.registry.sync())).toEqual([]);
    expect((await bench.plans.resolve('memo', first)).plan.title).toBe('First');
  });

  it('says so of a tag that moves, forward too, and keeps what it named', async () => {
    const { service, git, put, commit, work } = bench;
    const tagged = service({ REGISTRY_URL: work, REGISTRY_REF: 'v1' });
    put('templates/memo/template.yaml', template('memo', 'First'));
    const first = commit();
    git('tag', 'v1');
    await tagged.sync();
    put('templates/memo/template.yaml', template('memo', 'Second'));
    const second = commit();
    git('tag', '--force', '--annotate', '--message=moved', 'v1');
    const forward = await tagged.sync();
    expect(forward).toMatchObject({ commit: second, findings: [{ code: 'REGISTRY_REWRITTEN' }] });
    expect(forward.findings[0]?.message).toBe(
      `The tag v1 was moved: it named ${first}, and names ${second} now (2026-11-21T10:00:00.000Z).`,
    );
    expect((await bench.plans.resolve('memo', first)).plan.title).toBe('First');

    git('checkout', '--quiet', '--detach', first);
    put('templates/memo/template.yaml', template('memo', 'Third'));
    const third = commit();
    git('tag', '--force', 'v1');
    expect((await tagged.sync()).commit).toBe(third);
    await expect(bench.plans.resolve('memo', second)).rejects.toMatchObject({ code: 'REGISTRY_REWRITTEN' });
    expect(pins().sort()).toEqual([first, second, third].sort());
  });

  it('says nothing when another ref is followed', async () => {
    const { service, git, put, commit, work } = bench;
    put('templates/memo/template.yaml', template('memo'));
    commit();
    git('branch', 'other');
    git('commit', '--quiet', '--allow-empty', '--message=empty');
    await bench.registry.sync();
    const view = await service({ REGISTRY_URL: work, REGISTRY_REF: 'other' }).sync();
    expect(codes(view)).toEqual([]);
  });
});
