import { createHash } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { RunView } from '@stagewright/engine';

import { apiOf } from './support/api.ts';
import { startBookModel } from './support/book-model.ts';
import { describeOnEachDeployment } from './support/deployments.ts';
import { readEvents } from './support/event-stream.ts';
import type { Installation } from './support/installation.ts';
import { breachesOf } from './support/journal-law.ts';
import type { ModelService } from './support/model-service.ts';

jest.setTimeout(240_000);

const CHAPTERS = 6;
const REQUEST = { template: 'ebook', inputs: { topic: 'Keeping bees', chapters: CHAPTERS } };
const names = (...numbers: number[]): string[] => numbers.map((number) => `chapter ${number}`);
const chaptersDone = (run: RunView): number =>
  run.stages.find(({ id }) => id === 'chapters')?.tasks.filter(({ state }) => state === 'done').length ?? 0;

describeOnEachDeployment(
  describe,
  'a server that is killed',
  ({ install, kills }) => {
    let model: ModelService;
    let place: Installation;

    beforeAll(async () => {
      model = await startBookModel(CHAPTERS);
      place = await install(model.settings);
    });
    afterAll(async () => {
      await place.remove();
      await model.close();
    });

    it('in the middle of the chapters goes on by itself, and makes no finished chapter again', async () => {
      const first = await place.start();
      let api = apiOf(first);
      const { id } = await api.create(REQUEST);
      await api.until(id, 'approval_pending');
      model.hold((name) => names(3, 4, 5, 6).includes(name));
      await api.verb(id, 'approve', { stage: 'outline', round: 1 });
      await api.until(id, (run) => chaptersDone(run) === 2 && model.holding().length === 4);
      const before = await readEvents(first, id, {
        enough: (events) => events.filter(({ type }) => type === 'task.completed').length === 4,
      });
      await first.kill();

      model.release();
      const second = await place.start();
      api = apiOf(second);
      const done = await api.until(id, 'done');

      expect(Object.fromEntries(model.asked)).toEqual({
        discovery: 1,
        outline: 1,
        ...Object.fromEntries(names(1, 2).map((name) => [name, 1])),
        ...Object.fromEntries(names(3, 4, 5, 6).map((name) => [name, 2])),
      });
      const events = await readEvents(second, id);
      expect(breachesOf(events)).toEqual([]);
      expect(events.slice(0, before.length)).toEqual(before);
      expect(events.filter(({ type }) => type === 'run.completed')).toHaveLength(1);
      expect(done.progress).toBe(100);
      await expectDownloads(second, done);
      await second.kill();
    });

    it('while a run waits at a gate keeps the gate, with its round and its deadline', async () => {
      const first = await place.start();
      const { id } = await apiOf(first).create(REQUEST);
      const parked = await apiOf(first).until(id, 'approval_pending');
      await first.kill();

      const second = await place.start();
      const api = apiOf(second);
      expect(await api.run(id)).toEqual(parked);
      expect((await api.verb(id, 'approve', { stage: 'outline', round: 1 })).status).toBe(200);
      await api.until(id, 'done');
      expect(breachesOf(await readEvents(second, id))).toEqual([]);
      await second.kill();
    });

    it('at any moment after it took a run on has lost none and made none twice', async () => {
      const seed = Number(process.env['E2E_SEED'] ?? Date.now() % 100_000);
      const random = randomFrom(seed);
      const waits: number[] = [];
      const made = new Map<string, string>();
      for (let kill = 0; kill < kills; kill += 1) {
        const server = await place.start();
        const api = apiOf(server);
        for (const [key, id] of made)
          expect({ key, id: (await api.create(REQUEST, key)).id }).toEqual({ key, id });
        // A task that three processes in a row died of is put in quarantine on purpose: no run is hit more than twice before it has parked.
        if (kill % 2 === 0) for (const id of made.values()) await api.until(id, 'approval_pending');
        const key = `kill-${seed}-${kill}`;
        made.set(key, (await api.create(REQUEST, key)).id);
        waits.push(Math.floor(random() * 120));
        await new Promise((done) => setTimeout(done, waits.at(-1)));
        await server.kill();
      }

      const server = await place.start();
      const api = apiOf(server);
      const story = `seed ${seed}, killed after ${waits.join(', ')} ms`;
      for (const [key, id] of made) {
        const parked = await api.until(id, 'approval_pending');
        expect({ story, key, repeated: (await api.create(REQUEST, key)).id }).toEqual({
          story,
          key,
          repeated: id,
        });
        expect({
          story,
          id,
          breaches: breachesOf(
            await readEvents(server, id, { enough: (all) => all.at(-1)?.version === parked.version }),
          ),
        }).toEqual({
          story,
          id,
          breaches: [],
        });
      }
      const { body } = await api.get<{ items: Array<{ id: string }> }>(
        '/runs?state=approval_pending&limit=100',
      );
      expect({ story, ids: body.items.map(({ id }) => id).sort() }).toEqual({
        story,
        ids: [...made.values()].sort(),
      });
      await server.kill();
    });
  },
  { several: false },
);

/** A small generator of numbers from 0 to 1: the same seed gives the same kills. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

async function expectDownloads(server: { url: string; token: string }, run: RunView): Promise<void> {
  expect(run.artifacts.map(({ mediaType }) => mediaType).sort()).toEqual([
    'application/epub+zip',
    'application/pdf',
  ]);
  for (const file of run.artifacts) {
    const response = await fetch(`${server.url}/api/v1/artifacts/${file.artifact}/content`, {
      headers: { authorization: `Bearer ${server.token}` },
    });
    const content = Buffer.from(await response.arrayBuffer());
    expect(content.length).toBe(file.size);
    expect(createHash('sha256').update(content).digest('hex')).toBe(file.digest);
  }
}
