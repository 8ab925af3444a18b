import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { describeOnEachDatabase } from '../../../../../test/support/database.ts';
import { template } from '../../../../../test/support/registry-bench.ts';
import { openWriterBench, writer } from '../../../../../test/support/registry-writer-bench.ts';
import type { WriterBench, WritingServer } from '../../../../../test/support/registry-writer-bench.ts';
import type { OpenDatabase } from '../../database/open-database.ts';

Logger.overrideLogger(false);
jest.setTimeout(60_000);

const MANIFEST = 'apiVersion: stagewright/v1\nkind: Registry\nname: test\n';
const memo = (name: string, title?: string) => ({ template: template(name, title), files: {} });

describeOnEachDatabase(describe, 'a template over the API', ({ open, driver }) => {
  /** What no database has a say in. */
  const once = driver === 'pglite' ? it : it.skip;
  let database: OpenDatabase;
  let bench: WriterBench;
  let server: WritingServer;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    bench = await openWriterBench(database);
    bench.put('templates/memo/template.yaml', template('memo'));
    bench.push();
    server = bench.server('one');
    await server.registry.sync();
  });
  afterEach(() => bench.remove());

  const commits = (): string[] => bench.at('log', '--format=%s', 'main').split('\n');
  const fileAt = (path: string, ref = 'main'): string => bench.at('show', `${ref}:${path}`);

  it('becomes a commit by its author, and is runnable at once', async () => {
    const body = { ...memo('letter'), files: { 'README.md': '# Letter\n' }, message: 'A letter, at last' };
    const added = await server.templates.add(writer('Ada <ada>\nLovelace'), body);
    expect(added).toMatchObject({
      name: 'letter',
      branch: 'main',
      changed: true,
      served: true,
      findings: [],
    });
    expect((await bench.plans.resolve('letter')).revision).toEqual(added.revision);
    expect(bench.at('rev-parse', 'main')).toBe(added.commit);
    expect(bench.at('log', '-1', '--format=%an|%ae|%cn|%s|%ct', 'main')).toBe(
      `Ada ada Lovelace|Ada-ada-Lovelace@users.noreply.stagewright.invalid|Stagewright|A letter, at last|${Date.parse('2026-11-21T10:00:00Z') / 1000}`,
    );
    expect(bench.at('diff-tree', '--no-commit-id', '--name-status', '-r', 'main')).toBe(
      'A\ttemplates/letter/README.md\nA\ttemplates/letter/template.yaml',
    );
    expect(fileAt('templates/letter/template.yaml')).toBe(template('letter').trim());
    expect(bench.at('fsck', '--strict')).toBe('');
  });

  once('goes into the folder of the repository that is the registry, and nowhere else', async () => {
    bench.put('content/registry/stagewright.yaml', MANIFEST);
    bench.put('content/registry/templates/note/template.yaml', template('note'));
    bench.push();
    const inFolder = bench.server('folder', { REGISTRY_FOLDER: 'content/registry' });
    await inFolder.registry.sync();
    const added = await inFolder.templates.add(writer(), memo('letter'));
    expect(added).toMatchObject({ changed: true, served: true });
    await inFolder.templates.remove(writer(), 'note', {});
    expect(bench.at('diff-tree', '--no-commit-id', '--name-status', '-r', `${added.commit}^`, 'main')).toBe(
      'A\tcontent/registry/templates/letter/template.yaml\nD\tcontent/registry/templates/note/template.yaml',
    );
    expect((await inFolder.registry.view()).templates.map(({ name }) => name)).toEqual(['letter']);
    expect(await inFolder.templates.source(writer(), 'letter')).toMatchObject({
      template: template('letter'),
    });
  });

  once('is refused by a working copy, whose files somebody edits', async () => {
    const working = bench.server('working', { REGISTRY_URL: bench.work, REGISTRY_WATCH: 'true' });
    await working.registry.sync();
    await expect(working.templates.add(writer(), memo('letter'))).rejects.toMatchObject({
      code: 'REGISTRY_READ_ONLY',
      message: expect.stringContaining('working copy'),
    });
    bench.put('templates/memo/README.md', 'Edited.');
    expect(await working.templates.source(writer(), 'memo')).toMatchObject({
      files: { 'README.md': 'Edited.' },
    });
  });

  once('may be sent as JSON', async () => {
    const json = {
      apiVersion: 'stagewright/v1',
      name: 'note',
      type: 'memo',
      version: '1.0.0',
      stages: [{ id: 'write', mode: 'manual', form: { type: 'object' } }],
    };
    await server.templates.add(writer(), { template: json, files: {} });
    expect(fileAt('templates/note/template.yaml').split('\n')[0]).toMatch(/^# yaml-language-server/);
    expect((await bench.plans.resolve('note')).plan.stages[0]?.id).toBe('write');
  });

  it('is changed: what is sent replaces what was, and what is no text stays', async () => {
    writeFileSync(join(bench.work, 'templates/memo/logo.png'), Buffer.from([0xff, 0xfe, 0, 1]));
    bench.put('templates/memo/README.md', 'old');
    bench.push();
    await server.registry.sync();
    const before = await server.templates.source(writer(), 'memo');
    expect(before).toMatchObject({
      template: template('memo'),
      files: { 'README.md': 'old' },
      otherFiles: ['logo.png'],
    });
    const expected = before.contentDigest;
    const kept = await server.templates.change(writer(), 'memo', {
      template: template('memo', 'New'),
      expected,
    });
    expect(bench.at('ls-tree', '-r', '--name-only', 'main', 'templates/memo/').split('\n')).toHaveLength(3);
    const files = { 'notes.md': 'x' };
    await server.templates.change(writer(), 'memo', {
      template: template('memo', 'New'),
      files,
      expected: kept.contentDigest!,
    });
    expect(bench.at('ls-tree', '-r', '--name-only', 'main', 'templates/memo/').split('\n')).toEqual(
      ['logo.png', 'notes.md', 'template.yaml'].map((file) => `templates/memo/${file}`),
    );
    expect((await bench.plans.resolve('memo')).plan.title).toBe('New');
    expect(await server.templates.source(writer(), 'memo')).toMatchObject({ files });
  });

  once('is left alone when nothing changes', async () => {
    const tip = bench.at('rev-parse', 'main');
    const same = await server.templates.change(writer(), 'memo', { template: template('memo') });
    expect(same).toMatchObject({ commit: tip, changed: false, served: true });
    expect(bench.at('rev-parse', 'main')).toBe(tip);
  });

  it('is removed, and runs that have it keep it', async () => {
    const { digest } = (await bench.plans.resolve('memo')).revision;
    const removed = await server.templates.remove(writer(), 'memo', {});
    expect(removed).toMatchObject({ changed: true, served: true, contentDigest: null, revision: null });
    await expect(bench.plans.resolve('memo')).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' });
    expect((await bench.plans.byDigest(digest)).name).toBe('memo');
    expect(bench.at('ls-tree', '-r', '--name-only', 'main')).toBe('stagewright.yaml');
    await expect(server.templates.remove(writer(), 'memo', {})).rejects.toMatchObject({
      code: 'TEMPLATE_NOT_FOUND',
    });
  });

  it('is refused when it is there, and found again by its key', async () => {
    const first = await server.templates.add(writer(), memo('letter'), 'key-1');
    expect(await server.templates.add(writer(), memo('letter'), 'key-1')).toEqual(first);
    await expect(server.templates.add(writer(), memo('letter', 'Other'), 'key-1')).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    await expect(server.templates.add(writer(), memo('letter'))).rejects.toMatchObject({
      code: 'TEMPLATE_EXISTS',
    });
    // The answer was lost with its server: the same request again finds its own work.
    await database.orm.em.fork().getConnection().execute('update idempotency_key set answer = null');
    expect(await server.templates.add(writer(), memo('letter'), 'key-1')).toMatchObject({
      changed: false,
      contentDigest: first.contentDigest,
    });
    expect(commits().filter((subject) => subject === 'Add template letter')).toHaveLength(1);
  });

  once('is not held up by others that are broken already', async () => {
    bench.put('templates/broken/template.yaml', 'name: [');
    bench.push();
    expect(await server.templates.add(writer(), memo('letter'))).toMatchObject({
      served: true,
      findings: [],
    });
  });

  it.each([
    ['first', 0, 1],
    ['second', 1, 0],
  ])('has one winner when two servers add it at once: the %s', async (_who, ahead, behind) => {
    const servers = [server, bench.server('two')];
    const bodies = [memo('letter', 'Of the first'), memo('letter', 'Of the second')];
    const slow = servers[behind]!.templates.add(writer(), bodies[behind]!);
    const quick = servers[ahead]!.templates.add(writer(), bodies[ahead]!);
    const outcomes = await Promise.allSettled([quick, slow]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = outcomes.find((one) => one.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'TEMPLATE_EXISTS' });
    expect(commits()).toHaveLength(2);
  });

  it('has one winner when two change what both have seen, however they are told apart', async () => {
    const { contentDigest: expected } = await server.templates.source(writer(), 'memo');
    const other = bench.server('two');
    await server.templates.change(writer(), 'memo', { template: template('memo', 'A'), expected });
    const { contentDigest: current } = await server.templates.source(writer(), 'memo');
    const late = other.templates.change(writer(), 'memo', { template: template('memo', 'B'), expected });
    await expect(late).rejects.toMatchObject({ code: 'REGISTRY_CONFLICT', details: { current } });
    await expect(other.templates.remove(writer(), 'memo', { expected })).rejects.toMatchObject({
      code: 'REGISTRY_CONFLICT',
    });
    // Without a digest: whoever came before the change was made has not seen it.
    const race = await Promise.allSettled(
      ['C', 'D'].map((title) =>
        server.templates.change(writer(), 'memo', { template: template('memo', title) }),
      ),
    );
    expect(race.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect((await bench.plans.resolve('memo')).plan.title).toBe('C');
    await server.templates.change(writer(), 'memo', { template: template('memo', 'E') });
    expect((await bench.plans.resolve('memo')).plan.title).toBe('E');
  });

  once(
    'loses nothing when twenty add different ones through three servers while somebody else pushes',
    async () => {
      // The third works in the data directory of the first.
      const servers = [server, bench.server('two'), bench.server('one')];
      const names = Array.from({ length: 20 }, (_, index) => `memo-${index}`);
      const adding = names.map((name, index) => servers[index % 3]!.templates.add(writer(name), memo(name)));
      for (let round = 0; round < 3; round += 1) {
        bench.git('pull', '--quiet', '--rebase', 'origin', 'main');
        bench.put(`README-${round}.md`, 'by hand');
        bench.commit();
        // Whoever is overtaken takes up what came, as anybody does.
        for (let tries = 0; ; tries += 1) {
          try {
            bench.git('push', '--quiet', 'origin', 'HEAD:main');
            break;
          } catch (error) {
            if (tries === 20) throw error;
            bench.git('pull', '--quiet', '--rebase', 'origin', 'main');
          }
        }
        await new Promise((later) => setTimeout(later, 50));
      }
      const added = await Promise.all(adding);
      expect(new Set(added.map(({ commit }) => commit)).size).toBe(20);
      await server.registry.sync();
      expect((await server.registry.view()).templates.map(({ name }) => name)).toEqual(
        [...names, 'memo'].sort(),
      );
      expect(bench.at('ls-tree', '--name-only', 'main').split('\n')).toEqual([
        'README-0.md',
        'README-1.md',
        'README-2.md',
        'stagewright.yaml',
        'templates',
      ]);
      expect(commits()).toHaveLength(24);
      expect(bench.at('log', '--format=%an', '--author=memo-7', 'main')).toBe('memo-7');
    },
  );

  once('goes to a branch of its own when the registry says so, ready for a pull request', async () => {
    bench.put('stagewright.yaml', `${MANIFEST}writes: branch\n`);
    const tip = bench.push();
    const same = await server.templates.change(writer(), 'memo', { template: template('memo') });
    expect(same).toMatchObject({ served: true, changed: false, branch: 'main' });
    const added = await server.templates.add(writer(), memo('letter'));
    expect(added).toMatchObject({ served: false, changed: true });
    expect(added.branch).toMatch(/^stagewright\/template-letter-[0-9a-f]{8}$/);
    expect(bench.at('rev-parse', 'main')).toBe(tip);
    expect(bench.at('rev-parse', added.branch, `${added.branch}^`).split('\n')).toEqual([added.commit, tip]);
    await server.registry.sync();
    await expect(bench.plans.resolve('letter')).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' });
    bench.at('update-ref', 'refs/heads/main', added.commit);
    await server.registry.sync();
    expect((await bench.plans.resolve('letter')).revision).toEqual(added.revision);
  });

  once.each([
    ['is off', `${MANIFEST}writes: off\n`, 'REGISTRY_WRITES_OFF'],
    ['cannot be told', `${MANIFEST}writes: sometimes\n`, 'REGISTRY_MANIFEST_INVALID'],
  ])('is refused when writing %s', async (_what, manifest, code) => {
    bench.put('stagewright.yaml', manifest);
    const tip = bench.push();
    await expect(server.templates.add(writer(), memo('letter'))).rejects.toMatchObject({ code });
    expect(bench.at('rev-parse', 'main')).toBe(tip);
  });

  once('is refused where the registry is a tag or a commit', async () => {
    const tip = bench.at('rev-parse', 'main');
    bench.at('tag', 'v1', 'main');
    for (const ref of ['v1', tip]) {
      const pinned = bench.server(`at-${ref}`, { REGISTRY_REF: ref });
      await expect(pinned.templates.add(writer(), memo('letter'))).rejects.toMatchObject({
        code: 'REGISTRY_READ_ONLY',
      });
    }
    // A tag of the same name is what Git reads, so that a commit on the branch would never serve.
    bench.at('tag', 'main', 'refs/heads/main');
    await expect(server.templates.add(writer(), memo('letter'))).rejects.toMatchObject({
      code: 'REGISTRY_READ_ONLY',
    });
  });

  once('does not spoil a working copy, and runs no hook of the repository', async () => {
    const working = bench.server('working', { REGISTRY_URL: bench.work });
    const tip = bench.git('rev-parse', 'HEAD');
    await expect(working.templates.add(writer(), memo('letter'))).rejects.toMatchObject({
      code: 'REGISTRY_CHECKED_OUT',
    });
    expect([bench.git('rev-parse', 'HEAD'), bench.git('status', '--porcelain')]).toEqual([tip, '']);
    const canary = join(bench.folder, 'canary');
    for (const hook of [
      'pre-receive',
      'update',
      'post-receive',
      'post-update',
      'reference-transaction',
      'proc-receive',
    ]) {
      writeFileSync(join(bench.origin, 'hooks', hook), `#!/bin/sh\ntouch ${canary}\nexit 1\n`);
      chmodSync(join(bench.origin, 'hooks', hook), 0o755);
    }
    expect(await server.templates.add(writer(), memo('letter'))).toMatchObject({ served: true });
    expect(existsSync(canary)).toBe(false);
  });

  once('says what the host says when that takes no push', async () => {
    bench.at('config', 'receive.maxInputSize', '1');
    await expect(server.templates.add(writer(), memo('letter'))).rejects.toMatchObject({
      code: 'REGISTRY_WRITE_REFUSED',
      message: expect.stringContaining('unpacker error'),
    });
  });

  it('is nothing to another workspace', async () => {
    const stranger = { ...writer(), workspace: 'another' };
    const refused = [
      server.templates.add(stranger, memo('letter')),
      server.templates.change(stranger, 'memo', memo('memo', 'X')),
      server.templates.remove(stranger, 'memo', {}),
      server.templates.source(stranger, 'memo'),
    ];
    const asked = await Promise.allSettled(refused);
    expect(asked).toMatchObject(refused.map(() => ({ reason: { code: 'TEMPLATE_NOT_FOUND' } })));
    expect(commits()).toHaveLength(1);
  });
});
