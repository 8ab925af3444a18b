import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import type { RunView } from '@stagewright/engine';

import { Fleet } from '../chaos/fleet/fleet.ts';
import { factsOf, only } from '../chaos/oracles/evidence.ts';
import { transitionsOnce } from '../chaos/oracles/o2-transitions-once.ts';
import { readHistory } from '../chaos/oracles/read-history.ts';
import { OwnPostgres } from '../chaos/services/postgres.ts';
import { apiOf } from '../e2e/support/api.ts';
import type { Api } from '../e2e/support/api.ts';
import { makeGitRegistry } from '../e2e/support/git-registry.ts';
import type { GitRegistry } from '../e2e/support/git-registry.ts';
import { startModelService } from '../e2e/support/model-service.ts';
import type { ModelService } from '../e2e/support/model-service.ts';
import { GATE_REGISTRY } from './support/gate-template.ts';
import { describeWithServices } from './support/own-services.ts';
import { untilSo } from './support/until-so.ts';

jest.setTimeout(240_000);

const LEASE_SECONDS = 2;
/** Several leases, and more than the five seconds after which others look for work. */
const LONG_MS = 8_000;
const EACH = 3;
const NEARLY_FOUR_HOURS_MS = 3.9 * 3_600_000;
/** What one that is killed had begun is others' after its lease and their next look; a busy machine takes longer. */
const TAKEN_OVER_MS = 60_000;

/** F20: the clock of one server is two hours ahead, that of the other two hours behind. */
describeWithServices('two servers whose clocks are four hours apart', (programs) => {
  let postgres: OwnPostgres;
  let registry: GitRegistry;
  let model: ModelService;
  let fleet: Fleet;
  let apis: [ahead: Api, behind: Api];

  beforeAll(async () => {
    postgres = await OwnPostgres.create(programs);
    await postgres.start();
    await postgres.createDatabase('clocks');
    registry = makeGitRegistry(GATE_REGISTRY);
    registry.publish('Gates');
    model = await startModelService(() => ({ name: 'text', answer: { text: 'A word or two.' } }));
    const settings = {
      ...model.settings,
      DATABASE_URL: postgres.url('clocks'),
      SECRET_KEY: randomBytes(32).toString('hex'),
      REGISTRY_URL: registry.url,
      REGISTRY_SYNC_SECONDS: '0',
      WORKER_LEASE_SECONDS: String(LEASE_SECONDS),
    };
    const clockOf = (name: string) => (name === 'server-1' ? 'two-hours-ahead.ts' : 'two-hours-behind.ts');
    const preloadOf = (name: string) => [join(import.meta.dirname, 'support/clocks', clockOf(name))];
    fleet = await Fleet.start({ servers: 2, workers: 0, settings, preloadOf });
    apis = fleet.servers.map(({ url }) => apiOf({ url, token: fleet.token })) as [Api, Api];
  });
  afterEach(() => model.release());
  afterAll(async () => {
    await fleet?.remove();
    await postgres?.remove();
    registry?.remove();
    await model?.close();
  });

  const begin = (server: 0 | 1): Promise<RunView> => apis[server].create({ template: 'gate', inputs: {} });
  async function factsOfRun(id: string) {
    const { runs } = await readHistory(postgres.url('clocks'));
    expect(transitionsOnce({ runs })).toEqual([]);
    return factsOf(runs.find((run) => run.id === id)!);
  }

  it('leave each other what they work on, and each approves what the other began', async () => {
    model.hold(() => true);
    const runs: RunView[] = [];
    for (let run = 0; run < EACH; run += 1) runs.push(await begin(0), await begin(1));
    const [ahead, behind] = runs;
    expect(Date.parse(ahead!.createdAt) - Date.parse(behind!.createdAt)).toBeGreaterThan(
      NEARLY_FOUR_HOURS_MS,
    );
    await untilSo(() => model.holding().length, runs.length);
    await new Promise((later) => setTimeout(later, LONG_MS));
    model.release();
    for (const [index, { id }] of runs.entries()) {
      const other = apis[index % 2 === 0 ? 1 : 0];
      await other.until(id, 'approval_pending');
      expect((await other.verb(id, 'approve', { stage: 'text', round: 1 })).status).toBe(200);
      await other.until(id, 'done');
      expect(only(await factsOfRun(id), 'task.interrupted')).toEqual([]);
    }
    expect(model.asked.get('text')).toBe(runs.length);
  });

  it.each([
    ['ahead', 0],
    ['behind', 1],
  ] as const)(
    'take over, once and in time, what the one that is %s had begun when it was killed',
    async (_clock, server) => {
      await fleet.allUp();
      model.hold(() => true);
      const asked = model.asked.get('text') ?? 0;
      const { id } = await begin(server);
      await untilSo(() => model.holding().length, 1);
      expect(fleet.servers[server]!.kill()).toBe(true);
      await untilSo(() => model.asked.get('text'), asked + 2, TAKEN_OVER_MS);
      model.release();
      const other = apis[server === 0 ? 1 : 0];
      await other.until(id, 'approval_pending');
      expect((await other.verb(id, 'approve', { stage: 'text', round: 1 })).status).toBe(200);
      await other.until(id, 'done');
      expect(only(await factsOfRun(id), 'task.interrupted')).toHaveLength(1);
    },
  );
});
