import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';

import { Fleet } from '../chaos/fleet/fleet.ts';
import { OwnPostgres } from '../chaos/services/postgres.ts';
import { apiOf } from '../e2e/support/api.ts';
import type { Api } from '../e2e/support/api.ts';
import { makeGitRegistry } from '../e2e/support/git-registry.ts';
import type { GitRegistry } from '../e2e/support/git-registry.ts';
import { startModelService } from '../e2e/support/model-service.ts';
import type { ModelService } from '../e2e/support/model-service.ts';
import { GATE_REGISTRY } from './support/gate-template.ts';
import { describeWithServices } from './support/own-services.ts';

jest.setTimeout(300_000);

/** What a stop may take, and what a second signal may: with room for a busy machine, and far below a hang. */
const GRACE_MS = 30_000;
const AT_ONCE_MS = 10_000;
const RUNS = 12;

/** SIGTERM while models are asked: nobody is waited for longer than the grace, nothing is lost, and somebody else goes on. */
describeWithServices('a process that is told to stop under load', (programs) => {
  let postgres: OwnPostgres;
  let registry: GitRegistry;
  let model: ModelService;
  let fleet: Fleet;
  let api: Api;

  beforeAll(async () => {
    postgres = await OwnPostgres.create(programs);
    await postgres.start();
    await postgres.createDatabase('stopping');
    model = await startModelService(() => ({ name: 'text', answer: { text: 'A word or two.' } }));
    registry = makeGitRegistry(GATE_REGISTRY);
    registry.publish('Gates');
    const settings = {
      ...model.settings,
      DATABASE_URL: postgres.url('stopping'),
      SECRET_KEY: randomBytes(32).toString('hex'),
      REGISTRY_URL: registry.url,
      REGISTRY_SYNC_SECONDS: '0',
      WORKER_LEASE_SECONDS: '2',
    };
    fleet = await Fleet.start({ servers: 2, workers: 0, settings });
    api = apiOf({ url: fleet.servers[1]!.url, token: fleet.token });
  });
  afterAll(async () => {
    await fleet?.remove();
    await postgres?.remove();
    await model?.close();
    registry?.remove();
  });

  async function underLoad(): Promise<string[]> {
    model.hold(() => true);
    const first = apiOf({ url: fleet.servers[0]!.url, token: fleet.token });
    const ids: string[] = [];
    for (let run = 0; run < RUNS; run += 1)
      ids.push((await first.create({ template: 'gate', inputs: {} })).id);
    await waitFor(() => model.holding().length > 0);
    return ids;
  }

  it('ends within its grace, and the other goes on with what it gave back', async () => {
    const ids = await underLoad();
    const took = await fleet.servers[0]!.terminate();
    expect(took).not.toBeNull();
    // It waited for its model, which never answered, and no longer than it may.
    expect(took).toBeLessThan(GRACE_MS + AT_ONCE_MS);
    model.release();
    for (const id of ids) await api.until(id, 'approval_pending', 60_000);
    for (const id of ids) {
      expect((await api.verb(id, 'approve', { stage: 'text', round: 1 })).status).toBe(200);
      await api.until(id, 'done');
    }
    await fleet.allUp();
  });

  it('ends at once when it is told a second time, and loses nothing over it', async () => {
    const ids = await underLoad();
    const stopping = fleet.servers[0]!.terminate();
    await new Promise((later) => setTimeout(later, 500));
    const second = Date.now();
    process.kill(fleet.servers[0]!.pid!, 'SIGTERM');
    await stopping;
    expect(Date.now() - second).toBeLessThan(AT_ONCE_MS);
    model.release();
    for (const id of ids) await api.until(id, 'approval_pending', 60_000);
    await fleet.allUp();
  });

  async function waitFor(there: () => boolean): Promise<void> {
    for (let tries = 0; tries < 1_500 && !there(); tries += 1)
      await new Promise((later) => setTimeout(later, 20));
    expect(there()).toBe(true);
  }
});
