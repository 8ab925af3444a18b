import { randomBytes } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { Fleet } from '../chaos/fleet/fleet.ts';
import { transitionsOnce } from '../chaos/oracles/o2-transitions-once.ts';
import { readHistory } from '../chaos/oracles/read-history.ts';
import { CommitCutter } from '../chaos/services/commit-cutter.ts';
import { OwnPostgres, withConnection } from '../chaos/services/postgres.ts';
import { apiOf } from '../e2e/support/api.ts';
import type { Api } from '../e2e/support/api.ts';
import { startModelService } from '../e2e/support/model-service.ts';
import type { ModelService } from '../e2e/support/model-service.ts';
import { makeGitRegistry } from '../e2e/support/git-registry.ts';
import type { GitRegistry } from '../e2e/support/git-registry.ts';
import { GATE_REGISTRY } from './support/gate-template.ts';
import { describeWithServices } from './support/own-services.ts';

jest.setTimeout(240_000);

/** More than the connections that a server keeps. */
const MORE_THAN_THE_POOL = 16;
/** Commits of a run from its submit to its end: the key, the run, its answer, each step. More is looked at than there are. */
const COMMITS = 12;

/** One server process; its database is stopped, locked, and its connections are cut, and the same process goes on. */
describeWithServices('a server whose PostgreSQL goes away', (programs) => {
  let postgres: OwnPostgres;
  let cutter: CommitCutter;
  let registry: GitRegistry;
  let model: ModelService;
  let fleet: Fleet;
  let api: Api;

  beforeAll(async () => {
    postgres = await OwnPostgres.create(programs);
    await postgres.start();
    await postgres.createDatabase('away');
    cutter = await CommitCutter.open(postgres.port);
    registry = makeGitRegistry(GATE_REGISTRY);
    registry.publish('Gates');
    model = await startModelService(() => ({ name: 'text', answer: { text: 'A word or two.' } }));
    const settings = {
      ...model.settings,
      DATABASE_URL: postgres.url('away', cutter.port),
      SECRET_KEY: randomBytes(32).toString('hex'),
      REGISTRY_URL: registry.url,
      REGISTRY_SYNC_SECONDS: '0',
    };
    fleet = await Fleet.start({ servers: 1, workers: 0, settings });
    api = apiOf({ url: fleet.servers[0]!.url, token: fleet.token });
  });
  afterAll(async () => {
    await fleet?.remove();
    await cutter?.close();
    await postgres?.remove();
    registry?.remove();
    await model?.close();
  });

  // A test that failed leaves nothing stopped or cut to the next one.
  afterEach(async () => {
    cutter.loseAnswers(0);
    if (!postgres.running) await postgres.start();
  });

  const raw = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${fleet.servers[0]!.url}${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${fleet.token}`,
        'content-type': 'application/json',
        ...init.headers,
      },
    });
  const submit = (key: string): Promise<Response> =>
    raw('/api/v1/runs', {
      method: 'POST',
      headers: { 'idempotency-key': key },
      body: JSON.stringify({ template: 'gate', title: key, inputs: {} }),
    });
  const approval = { stage: 'text', round: 1 };

  /** As a careful client: what is away is asked for again, after as long as it says. */
  async function insist(
    send: () => Promise<Response>,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    for (let tries = 0; tries < 40; tries += 1) {
      const response = await send();
      if (response.status !== 503)
        return { status: response.status, body: (await response.json()) as Record<string, unknown> };
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      await response.body?.cancel();
      await new Promise((later) => setTimeout(later, 100));
    }
    throw new Error('It stayed away.');
  }

  async function lawful(): Promise<string[]> {
    const { runs } = await readHistory(postgres.url('away'));
    return transitionsOnce({ runs });
  }

  it('says 503, with a code and when to come back, to readers, submitters and approvers, and goes on by itself', async () => {
    const { id } = await api.create({ template: 'gate', inputs: {} }, 'before');
    await api.until(id, 'approval_pending');
    await postgres.stopImmediately();
    const asked = [
      () => raw(`/api/v1/runs/${id}`),
      () => raw('/api/v1/runs'),
      () => raw('/api/v1/approvals'),
      () => raw('/api/v1/templates'),
      () => submit('while-away'),
      () => raw(`/api/v1/runs/${id}/approve`, { method: 'POST', body: JSON.stringify(approval) }),
    ];
    for (const ask of asked) {
      const response = await ask();
      const { code } = (await response.json()) as { code: string };
      expect({ url: response.url, status: response.status, code }).toEqual({
        url: response.url,
        status: 503,
        code: 'DATABASE_UNAVAILABLE',
      });
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
    expect((await raw('/health/ready')).status).toBe(503);
    expect((await raw('/health/live')).status).toBe(200);
    const { pid } = fleet.servers[0]!;

    await postgres.start();
    const made = await insist(() => submit('while-away'));
    expect(made.status).toBe(201);
    expect(await insist(() => submit('while-away'))).toMatchObject({
      status: 201,
      body: { id: made.body['id'] },
    });
    expect((await insist(() => raw(`/api/v1/runs/${id}`))).body['state']).toBe('approval_pending');
    expect((await api.verb(id, 'approve', approval)).status).toBe(200);
    await api.until(id, 'done');
    await api.until(String(made.body['id']), 'approval_pending');
    // The scan for outstanding work failed once; the next one says that all is well.
    await waitFor(async () => (await raw('/health/ready')).status === 200);
    expect(fleet.servers[0]!.pid).toBe(pid);
    expect(await lawful()).toEqual([]);
  });

  it('keeps the result of work that ended while it was away: the model is not asked again', async () => {
    model.hold(() => true);
    const { id } = await api.create({ template: 'gate', inputs: {} });
    await waitFor(() => model.holding().length === 1);
    const asked = model.asked.get('text');
    await postgres.stopImmediately();
    model.release();
    await postgres.start();
    await untilThere(id, (state) => state === 'approval_pending');
    expect(model.asked.get('text')).toBe(asked);
    expect(await lawful()).toEqual([]);
  });

  it('reads back what became of a commit before it repeats it, wherever in the life of a run the answer is lost', async () => {
    const lost = new Set<string>();
    for (let spared = 0; spared < COMMITS; spared += 1) {
      const key = `lost-${spared}`;
      const before = cutter.lost.length;
      cutter.loseAnswers(1, spared);
      const made = await insist(() => submit(key));
      const id = String(made.body['id']);
      expect({ spared, status: made.status }).toEqual({ spared, status: 201 });
      await untilThere(id, (state) => state === 'approval_pending');
      const approve = () =>
        raw(`/api/v1/runs/${id}/approve`, { method: 'POST', body: JSON.stringify(approval) });
      // 409 for who repeats what was made already: nothing is decided twice.
      expect([200, 409]).toContain((await insist(approve)).status);
      await untilThere(id, (state) => state === 'done');
      cutter.loseAnswers(0);
      for (const { statement } of cutter.lost.slice(before)) lost.add(statement);
      expect(await insist(() => submit(key))).toMatchObject({ status: 201, body: { id } });
    }
    expect(lost.size).toBeGreaterThanOrEqual(3);
    expect(await lawful()).toEqual([]);
  });

  describe('or is locked', () => {
    it('answers everybody in its time and with a code, also whom no connection is left for, and serves again after', async () => {
      const { id } = await api.create({ template: 'gate', inputs: {} });
      await api.until(id, 'approval_pending');
      await withConnection(postgres.url('away'), async (holder) => {
        await holder.query('begin');
        await holder.query('lock table run in access exclusive mode');
        const begun = Date.now();
        const answers = await Promise.all(
          Array.from({ length: MORE_THAN_THE_POOL }, (_, index) =>
            index % 4 === 0
              ? raw(`/api/v1/runs/${id}/approve`, { method: 'POST', body: JSON.stringify(approval) })
              : raw('/api/v1/runs'),
          ),
        );
        const codes = await Promise.all(
          answers.map(
            async (answer) => `${answer.status} ${((await answer.json()) as { code: string }).code}`,
          ),
        );
        const expected = /^503 (DATABASE_BUSY|DATABASE_UNAVAILABLE|STORE_UNAVAILABLE)$/;
        expect(codes.filter((code) => !expected.test(code))).toEqual([]);
        for (const answer of answers) expect(answer.headers.get('retry-after')).not.toBeNull();
        // A bound for what hangs: the longest wait for a lock, then the longest for a connection, then a lock again.
        expect(Date.now() - begun).toBeLessThan(60_000);
        await holder.query('rollback');
      });
      expect((await insist(() => raw(`/api/v1/runs/${id}`))).body['state']).toBe('approval_pending');
      expect((await api.verb(id, 'approve', approval)).status).toBe(200);
      await api.until(id, 'done');
    });
  });

  async function waitFor(there: () => boolean | Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 1_000 && !(await there()); tries += 1)
      await new Promise((later) => setTimeout(later, 20));
    expect(await there()).toBe(true);
  }

  async function untilThere(id: string, wanted: (state: unknown) => boolean): Promise<void> {
    for (let tries = 0; tries < 600; tries += 1) {
      if (wanted((await insist(() => raw(`/api/v1/runs/${id}`))).body['state'])) return;
      await new Promise((later) => setTimeout(later, 50));
    }
    throw new Error(`Run ${id} did not come so far.`);
  }
});
