import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { RunPreview, RunView } from '@stagewright/engine';

import { ROOT } from '../support/root.ts';
import { apiOf } from './support/api.ts';
import type { Answer, Api } from './support/api.ts';
import { startBookModel } from './support/book-model.ts';
import type { Edit } from './support/book-model.ts';
import { describeOnEachDeployment } from './support/deployments.ts';
import { readEvents } from './support/event-stream.ts';
import { makeGitRegistry } from './support/git-registry.ts';
import type { GitRegistry } from './support/git-registry.ts';
import type { Installation } from './support/installation.ts';
import type { ModelService } from './support/model-service.ts';
import type { ServerProcess } from '../support/server-process.ts';

jest.setTimeout(120_000);

const CHAPTERS = ['chapter 1', 'chapter 2', 'chapter 3'];
const REQUEST = { template: 'ebook', inputs: { topic: 'Keeping bees', chapters: CHAPTERS.length } };
const SHIPPED = join(ROOT, 'registry');
const file = (name: string): string => `templates/ebook/${name}`;
const shipped = (path: string): string => readFileSync(join(SHIPPED, path), 'utf8');
const CHAPTER = file('prompts/chapter.hbs');
const OUTLINE = file('prompts/outline.hbs');
const TEMPLATE = file('template.yaml');
const CONTRACT = file('schemas/chapter.json');
const same: Edit = (_name, answer) => answer;

describeOnEachDeployment(describe, 'a finished book', ({ install }) => {
  let model: ModelService;
  let registry: GitRegistry;
  let place: Installation;
  let server: ServerProcess;
  let api: Api;
  let edit: Edit = same;

  beforeAll(async () => {
    model = await startBookModel(CHAPTERS.length, (name, answer) => edit(name, answer));
    registry = makeGitRegistry({ copyOf: SHIPPED });
    registry.publish('As it ships');
    place = await install({ ...model.settings, REGISTRY_URL: registry.url });
    server = await place.start();
    api = apiOf(server);
  });
  afterEach(async () => {
    edit = same;
    for (const path of [CHAPTER, OUTLINE, TEMPLATE, CONTRACT]) registry.put(path, shipped(path));
    await publish('As it ships');
  });
  afterAll(async () => {
    await place.remove();
    registry.remove();
    await model.close();
  });

  async function publish(message: string): Promise<void> {
    registry.publish(message);
    expect((await api.post('/registry/sync')).status).toBe(200);
  }

  async function finishedBook(): Promise<RunView> {
    const { id } = await api.create(REQUEST);
    await api.until(id, 'approval_pending');
    await api.verb(id, 'approve', { stage: 'outline', round: 1 });
    return await api.until(id, 'done');
  }

  /** What the model is asked while `work` goes on, by question; what it was asked before does not count. */
  async function askedDuring(work: () => Promise<unknown>): Promise<string[]> {
    model.asked.clear();
    await work();
    return [...model.asked].flatMap(([name, times]) => Array<string>(times).fill(name)).sort();
  }

  async function upgraded(id: string): Promise<RunView> {
    expect((await api.verb(id, 'upgrade')).status).toBe(200);
    return await api.until(id, 'done');
  }

  /** Ids of the files that a run gives; a book that was not built again still gives the old ones. */
  const filesOf = (run: RunView): string[] => run.artifacts.map(({ artifact }) => artifact);
  const reused = async (id: string): Promise<Record<string, boolean>> => {
    const events = await readEvents(server, id);
    return Object.fromEntries(
      events.flatMap(({ fact }) =>
        fact.type === 'task.completed' ? [[fact.task, fact.reused] as const] : [],
      ),
    );
  };

  it('is made again from the chapters on, and from nowhere else, when their prompt was edited', async () => {
    const book = await finishedBook();
    registry.put(CHAPTER, shipped(CHAPTER).replace('Readers:', 'Write for these readers:'));
    await publish('Say whom it is for');
    edit = (_name, answer) => ({ ...answer, text: `${String(answer['text'])}For you.\n` });

    let preview: Answer<RunPreview> | undefined;
    const asked = await askedDuring(
      async () => (preview = await api.post<RunPreview>(`/runs/${book.id}/upgrade/preview`, {})),
    );
    expect(asked).toEqual([]);
    expect(preview?.body.stages.map(({ stage, verdict }) => [stage, verdict])).toEqual([
      ['discovery', 'reuse'],
      ['outline', 'reuse'],
      ['chapters', 'make'],
      ['build', 'depends'],
    ]);
    expect(await api.run(book.id)).toEqual(book);

    let after = book;
    expect(await askedDuring(async () => (after = await upgraded(book.id)))).toEqual(CHAPTERS);
    expect(after.revision.digest).not.toBe(book.revision.digest);
    expect(await reused(book.id)).toEqual({
      discovery: true,
      outline: true,
      'chapters/0': false,
      'chapters/1': false,
      'chapters/2': false,
      build: false,
    });
    expect(filesOf(after)).not.toEqual(filesOf(book));
    expect(after.stages.map(({ id, state, round }) => [id, state, round])).toEqual(
      ['discovery', 'outline', 'chapters', 'build'].map((id) => [id, 'done', 2]),
    );
  });

  it('is not built again when the chapters come out as they were', async () => {
    const book = await finishedBook();
    registry.put(CHAPTER, shipped(CHAPTER).replace('Readers:', 'Write for these readers:'));
    await publish('Say whom it is for');
    const after = await upgraded(book.id);
    expect(await reused(book.id)).toMatchObject({ 'chapters/0': false, build: true });
    expect(filesOf(after)).toEqual(filesOf(book));
  });

  it('keeps the approval of its outline when the edited prompt gives the same plan, and nothing behind it is made', async () => {
    const book = await finishedBook();
    registry.put(OUTLINE, shipped(OUTLINE).replace('Plan exactly', 'Plan, without exception,'));
    await publish('Be strict');
    expect(await askedDuring(() => upgraded(book.id))).toEqual(['outline']);
    expect((await api.run(book.id)).stages[1]?.approval).toMatchObject({ round: 2, given: [{}] });
  });

  it('waits for approval of another outline, and then writes all chapters that follow from it', async () => {
    const book = await finishedBook();
    registry.put(OUTLINE, shipped(OUTLINE).replace('Plan exactly', 'Plan, without exception,'));
    await publish('Be strict');
    edit = (name, answer) =>
      name === 'outline' ? { chapters: [...(answer['chapters'] as unknown[])].reverse() } : answer;
    const asked = await askedDuring(async () => {
      await api.verb(book.id, 'upgrade');
      await api.until(book.id, 'approval_pending');
      await api.verb(book.id, 'approve', { stage: 'outline', round: 2 });
      await api.until(book.id, 'done');
    });
    expect(asked).toEqual([...CHAPTERS, 'outline']);
  });

  it.each([
    ['nothing was changed', () => undefined],
    [
      'a prompt got a comment, and the template another version and other words',
      () => {
        registry.put(
          CHAPTER,
          shipped(CHAPTER).replace('Readers:', '{{! Chapters are read aloud. }}Readers:'),
        );
        registry.put(
          TEMPLATE,
          shipped(TEMPLATE)
            .replace('version: 1.0.0', 'version: 1.0.1')
            .replace('name: Chapters', 'name: The chapters'),
        );
      },
    ],
  ])('costs nothing to upgrade when %s', async (_what, change) => {
    const book = await finishedBook();
    change();
    await publish('No change of substance');
    let after = book;
    expect(await askedDuring(async () => (after = await upgraded(book.id)))).toEqual([]);
    expect(filesOf(after)).toEqual(filesOf(book));
    expect(Object.values(await reused(book.id))).toEqual(Array(6).fill(true));
  });

  it('is written again from the stage whose contract was changed', async () => {
    const book = await finishedBook();
    const contract = JSON.parse(shipped(CONTRACT)) as Record<string, unknown>;
    registry.put(CONTRACT, JSON.stringify({ ...contract, title: 'One chapter of a book' }));
    await publish('Name the contract');
    expect(await askedDuring(() => upgraded(book.id))).toEqual(CHAPTERS);
  });

  it('that is rerun from a stage opens its gates again, and pays for nothing that did not change', async () => {
    const book = await finishedBook();
    const asked = await askedDuring(async () => {
      expect((await api.verb(book.id, 'rerun', { from: 'outline' })).status).toBe(200);
      await api.until(book.id, 'approval_pending');
      await api.verb(book.id, 'approve', { stage: 'outline', round: 2 });
      await api.until(book.id, 'done');
    });
    expect(asked).toEqual([]);
    const rounds = (await api.run(book.id)).stages.map(({ id, round }) => [id, round]);
    expect(rounds).toEqual([
      ['discovery', 1],
      ['outline', 2],
      ['chapters', 2],
      ['build', 2],
    ]);
  });
});

describeOnEachDeployment(describe, 'a book that failed in one chapter', ({ install }) => {
  let model: ModelService;
  let place: Installation;
  let api: Api;
  let broken = true;

  beforeAll(async () => {
    model = await startBookModel(CHAPTERS.length, (name, answer) =>
      broken && name === 'chapter 2' ? {} : answer,
    );
    place = await install(model.settings);
    api = apiOf(await place.start());
  });
  afterAll(async () => {
    await place.remove();
    await model.close();
  });

  it('is retried from there: only what is not done is made again', async () => {
    const { id } = await api.create(REQUEST);
    await api.until(id, 'approval_pending');
    // The others are through before the failure stops the stage.
    model.hold((name) => name === 'chapter 2');
    await api.verb(id, 'approve', { stage: 'outline', round: 1 });
    await api.until(id, (run) => run.stages[2]?.tasks.filter(({ state }) => state === 'done').length === 2);
    model.release();
    await api.until(id, 'failed');
    broken = false;
    model.asked.clear();
    expect((await api.verb(id, 'retry')).status).toBe(200);
    await api.until(id, 'done');
    expect(Object.fromEntries(model.asked)).toEqual({ 'chapter 2': 1 });
  });
});
