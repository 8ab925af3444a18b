import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { RunState } from '@stagewright/engine';

import { describeOnEachDatabase } from '../../../../test/support/database.ts';
import { openRegistryBench, template } from '../../../../test/support/registry-bench.ts';
import type { RegistryBench } from '../../../../test/support/registry-bench.ts';
import { loadSettings } from '../config/index.ts';
import { Run } from '../database/entities/index.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { CommitLog } from '../registry/index.ts';
import { COUNTED_OF_EACH_STATE } from './sql/count-runs-by-revision.ts';
import { TemplateRevisionsService } from './template-revisions.service.ts';

Logger.overrideLogger(false);
jest.setTimeout(60_000);

const PATH = 'templates/memo/template.yaml';
const PAGE = { skip: 0, limit: 50 };

describeOnEachDatabase(describe, 'revisions of a template', ({ open }) => {
  let database: OpenDatabase;
  let bench: RegistryBench;
  let revisions: TemplateRevisionsService;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    bench = await openRegistryBench(database);
    await database.orm.em.fork().nativeDelete(Run, {});
    const settings = loadSettings({ environment: { DATA_DIR: join(bench.folder, 'data') } });
    revisions = new TemplateRevisionsService(database.orm.em, database.database, new CommitLog(settings));
  });
  afterEach(() => bench.remove());

  /** Commits the template with this text and serves it. */
  async function serve(text: string, subject = 'x'): Promise<{ commit: string; digest: string }> {
    bench.put(PATH, text);
    bench.git('add', '--all');
    bench.git(
      'commit',
      '--quiet',
      `--message=${subject}`,
      '--author=Ada Miller <ada@example.org>',
      '--date=2026-01-02T03:04:05+01:00',
    );
    const { templates } = await bench.registry.sync();
    const { commit = '', digest = '' } = templates.find(({ name }) => name === 'memo') ?? {};
    return { commit, digest };
  }

  it('are told apart as a person reads it, by commit or digest, and with what is served now', async () => {
    const first = await serve(template('memo'));
    const second = await serve(template('memo', 'Memos').replace('required: [text]', 'required: []'));
    const told = await revisions.diff('default', 'memo', { from: first.commit });
    expect(told).toMatchObject({
      from: { commit: first.commit, digest: first.digest, served: false },
      to: { digest: second.digest, served: true },
      required: 'major',
      version: { from: '1.0.0', to: '1.0.0', needed: 'major', enough: false, least: '2.0.0' },
      files: [PATH],
    });
    expect(told.changes.map(({ rule }) => rule)).toEqual(['about-changed', 'output-widened', 'form-widened']);
    expect(await revisions.diff('default', 'memo', { from: first.digest, to: second.commit })).toEqual(told);
    expect((await revisions.diff('default', 'memo', { from: second.digest })).changes).toEqual([]);
  });

  it('are refused when they are not known, and in another workspace', async () => {
    const { digest } = await serve(template('memo'));
    await expect(revisions.diff('default', 'memo', { from: 'nothing' })).rejects.toMatchObject({
      code: 'REVISION_NOT_FOUND',
    });
    await expect(revisions.diff('other', 'memo', { from: digest })).rejects.toMatchObject({
      code: 'TEMPLATE_NOT_FOUND',
    });
    await expect(revisions.history('other', 'memo', PAGE)).rejects.toMatchObject({
      code: 'TEMPLATE_NOT_FOUND',
    });
    await expect(revisions.usage('other', 'memo')).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' });
    await expect(bench.templates.show('other', 'memo', digest)).rejects.toMatchObject({
      code: 'TEMPLATE_NOT_FOUND',
    });
  });

  it('are shown as they were', async () => {
    const first = await serve(template('memo'));
    await serve(template('memo', 'Memos'));
    expect(await bench.templates.show('default', 'memo')).toMatchObject({ title: 'Memos' });
    expect(await bench.templates.show('default', 'memo', first.digest)).toMatchObject({
      title: 'memo',
      revision: first,
    });
    await expect(bench.templates.show('default', 'memo', 'nothing')).rejects.toMatchObject({
      code: 'REVISION_NOT_FOUND',
    });
  });

  it('name the people whom CODEOWNERS names, and are others when those change', async () => {
    const gated = template('memo').replace('outputs:', '    approval: {approvers: [codeowners]}\noutputs:');
    bench.put('CODEOWNERS', '/templates/memo/ @ada @acme/writers\n');
    const first = await serve(gated);
    const approversNow = async (): Promise<unknown> =>
      (await bench.templates.show('default', 'memo')).stages[0]?.approval?.approvers;
    expect(await approversNow()).toEqual(['user:ada', 'role:writers']);
    bench.put('CODEOWNERS', '/templates/memo/ @bo\n');
    const second = await serve(gated);
    expect(await approversNow()).toEqual(['user:bo']);
    const { changes, files } = await revisions.diff('default', 'memo', {
      from: first.digest,
      to: second.digest,
    });
    expect({ rules: changes.map(({ rule }) => rule), files }).toEqual({
      rules: ['gate-approvers'],
      files: [],
    });
  });

  it('have a history of who made them, when, and what for', async () => {
    const first = await serve(template('memo'), 'The first memo');
    const second = await serve(template('memo', 'Memos'), `Call it \u202e${'memos '.repeat(60)}`);
    const { items, total } = await revisions.history('default', 'memo', PAGE);
    expect(total).toBe(2);
    expect(items.map(({ commit }) => commit).sort()).toEqual([first.commit, second.commit].sort());
    const changeOf = (commit: string): unknown => items.find((item) => item.commit === commit)?.change;
    expect(changeOf(first.commit)).toEqual({
      author: 'Ada Miller',
      at: '2026-01-02T02:04:05.000Z',
      subject: 'The first memo',
    });
    // What would turn the text around it is gone, and what goes on for ever is cut.
    expect(changeOf(second.commit)).toMatchObject({
      subject: expect.stringMatching(/^Call it +memos .{150,190}$/),
    });
    expect((await revisions.history('default', 'memo', { skip: 1, limit: 1 })).items).toEqual([items[1]]);
  });

  it('have one without Git as well: from a server whose mirror is elsewhere', async () => {
    await serve(template('memo'));
    const settings = loadSettings({ environment: { DATA_DIR: join(bench.folder, 'elsewhere') } });
    const other = new TemplateRevisionsService(database.orm.em, database.database, new CommitLog(settings));
    expect((await other.history('default', 'memo', PAGE)).items).toMatchObject([{ change: null }]);
    expect(await new CommitLog(settings).of(['--all', 'x'.repeat(40)])).toEqual(new Map());
  });

  it('say which runs use them, by state, and count no farther than it takes', async () => {
    const first = await serve(template('memo'));
    const unused = await serve(template('memo', 'Unused'));
    const second = await serve(template('memo', 'Memos'));
    await put([
      ...runs(first.digest, 'approval_pending', 2),
      ...runs(first.digest, 'done', 1),
      ...runs(second.digest, 'running', 1),
      ...runs(second.digest, 'failed', COUNTED_OF_EACH_STATE + 5),
      ...runs(second.digest, 'running', 3, { template: 'other' }),
      ...runs(second.digest, 'running', 3, { workspace: 'other' }),
    ]);
    const { items, countedOfEachState } = await revisions.usage('default', 'memo');
    expect(countedOfEachState).toBe(COUNTED_OF_EACH_STATE);
    const usageOf = (digest: string): unknown => items.find((item) => item.digest === digest)?.runs;
    expect(usageOf(first.digest)).toEqual({ approval_pending: 2, done: 1 });
    expect(usageOf(second.digest)).toEqual({ running: 1, failed: COUNTED_OF_EACH_STATE });
    expect(usageOf(unused.digest)).toBeUndefined();
  });

  async function put(rows: Run[]): Promise<void> {
    await database.orm.em.fork().insertMany(Run, rows);
  }
});

let made = 0;
function runs(revision: string, state: RunState, count: number, given: Partial<Run> = {}): Run[] {
  return Array.from({ length: count }, () => ({
    id: `run-${(made += 1)}`,
    workspace: 'default',
    template: 'memo',
    revision,
    title: 'x',
    state,
    open: false,
    holder: null,
    createdBy: { kind: 'user', id: 'ann' },
    createdAt: new Date(1_767_225_600_000 + made),
    startedAt: null,
    endedAt: null,
    ...given,
  }));
}
