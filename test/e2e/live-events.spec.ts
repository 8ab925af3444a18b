import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createClient } from '@stagewright/client';

import type { ServerProcess } from '../support/server-process.ts';
import { apiOf } from './support/api.ts';
import type { Api } from './support/api.ts';
import { readEvents } from './support/event-stream.ts';
import { FORK_REGISTRY, understandFork } from './support/fork-template.ts';
import { makeGitRegistry } from './support/git-registry.ts';
import type { GitRegistry } from './support/git-registry.ts';
import { describeOnEachDeployment } from './support/deployments.ts';
import type { Installation } from './support/installation.ts';
import { breachesOf } from './support/journal-law.ts';
import { startModelService } from './support/model-service.ts';
import type { ModelService } from './support/model-service.ts';

jest.setTimeout(120_000);

describeOnEachDeployment(describe, 'the live events of a run', ({ install }) => {
  let registry: GitRegistry;
  let model: ModelService;
  let place: Installation;
  let server: ServerProcess;
  let api: Api;

  beforeAll(async () => {
    registry = makeGitRegistry(FORK_REGISTRY);
    registry.publish('Fork');
    model = await startModelService(understandFork);
    place = await install({ REGISTRY_URL: registry.url, ...model.settings });
    server = await place.start();
    api = apiOf(server);
  });
  afterAll(async () => {
    await place.remove();
    await model.close();
    registry.remove();
  });

  const parked = async (inputs: Record<string, boolean> = { gate: true }): Promise<string> => {
    const { id } = await api.create({ template: 'fork', inputs });
    await api.until(id, 'approval_pending');
    return id;
  };
  const approve = (id: string) => api.verb(id, 'approve', { stage: 'gate', round: 1 });

  it('begin with all that happened, and go on with what happens, until the run has ended', async () => {
    const id = await parked();
    let told = 0;
    const reading = readEvents(server, id, {
      enough: (events) => {
        told = events.length;
        return false;
      },
    });
    const { version } = await api.run(id);
    const history = await readEvents(server, id, {
      enough: (events) => events.at(-1)?.version === version && events.at(-1)?.type === 'approval.requested',
    });
    while (told < history.length) await new Promise((done) => setTimeout(done, 20));
    expect(told).toBe(history.length);
    await approve(id);
    const events = await reading;
    expect(events.slice(0, history.length)).toEqual(history);
    expect(events.map(({ type }) => type).slice(history.length)).toEqual([
      'approval.given',
      'approval.completed',
      'stage.completed',
      'run.completed',
    ]);
    expect(breachesOf(events)).toEqual([]);
  });

  it('go on after any Last-Event-ID without a gap or a repeat', async () => {
    const id = await parked();
    await approve(id);
    await api.until(id, 'done');
    const journal = await readEvents(server, id);
    expect(journal.length).toBeGreaterThan(10);
    for (const [index, { id: after }] of journal.entries()) {
      const rest = await readEvents(server, id, { after });
      expect({ after, rest: rest.map(({ id: event }) => event) }).toEqual({
        after,
        rest: journal.slice(index + 1).map(({ id: event }) => event),
      });
    }
  });

  it.each(['x', '1', '1.x', '-1.0', '1.0.0', `${'9'.repeat(30)}.0`])(
    'refuse the Last-Event-ID %s',
    async (id) => {
      const run = await parked();
      const answer = await api.get(`/runs/${run}/events`, { 'last-event-id': id });
      expect(answer).toMatchObject({
        status: 422,
        mediaType: 'application/problem+json',
        body: { code: 'HEADER_INVALID' },
      });
    },
  );

  it('are the same for everyone who listens', async () => {
    const id = await parked();
    const readings = [
      readEvents(server, id),
      readEvents(server, id),
      readEvents(server, id, { after: '1.0' }),
    ];
    await approve(id);
    const [one = [], two = [], late = []] = await Promise.all(readings);
    expect(two).toEqual(one);
    expect(late).toEqual(one.slice(1));
    expect(one.at(-1)?.type).toBe('run.completed');
  });

  it('of a run that is not there are a 404 and no stream', async () => {
    expect(await api.get('/runs/nowhere/events')).toMatchObject({
      status: 404,
      mediaType: 'application/problem+json',
    });
  });

  it('stay complete for a client that follows while the server is killed and started again', async () => {
    const { id } = await api.create({ template: 'fork', inputs: { gate: true, hold: true } });
    model.hold((name) => name === 'held');
    await api.until(id, (run) => run.waitingFor.some(({ kind }) => kind === 'approval'));
    const seen: string[] = [];
    const following = (async () => {
      const client = createClient({ baseUrl: server.url, token: server.token });
      for await (const event of client.followRun(id, new AbortController().signal)) seen.push(event.id);
    })();
    while (seen.length < 8) await new Promise((done) => setTimeout(done, 20));

    await server.kill();
    const seenBefore = seen.length;
    model.release();
    server = await place.start({ PORT: new URL(server.url).port });
    api = apiOf(server);
    await approve(id);
    await api.until(id, 'done');
    await following;

    const journal = await readEvents(server, id);
    expect(seen).toEqual(journal.map(({ id: event }) => event));
    expect(seen.length).toBeGreaterThan(seenBefore);
    expect(breachesOf(journal)).toEqual([]);
  });
});
