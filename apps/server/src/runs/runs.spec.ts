import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine, EnginePorts, RunView } from '@stagewright/engine';
import {
  aiStage,
  manualStage,
  planOf,
  plansOf,
  scriptedRouter,
  ScriptedAiProvider,
  testDesk,
} from '@stagewright/engine/testing';
import type { Gate } from '@stagewright/engine';

import { describeOnEachDatabase } from '../../../../test/support/database.ts';
import { as, openRunsApp } from '../../../../test/support/runs-app.ts';
import type { RunsApp } from '../../../../test/support/runs-app.ts';
import { ApprovalsModule } from '../approvals/approvals.module.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { ENGINE, ISOLATION } from './engine.tokens.ts';
import { RunsModule } from './runs.module.ts';
import { SqlRunStore } from './sql-run-store.ts';

const gate: Gate = {
  approvers: ['role:approver'],
  quorum: 1,
  selfApproval: false,
  deadlineMs: null,
  onDeadline: null,
  maxAttempts: 3,
};
const gated = planOf([aiStage('outline', { approval: gate }), aiStage('text')], { name: 'gated' });
const form = planOf([manualStage('ask', { form: { type: 'object' } })], { name: 'form' });
const plain = planOf([aiStage('text')], {
  name: 'plain',
  inputs: { type: 'object', required: ['topic'], properties: { topic: { type: 'string' } } },
});
const plans = plansOf(gated, form, plain);

const ada = as('ada', { roles: [] });
const bob = as('bob');
const eve = as('eve', { workspace: 'other' });

describeOnEachDatabase(describe, 'runs over HTTP', ({ open }) => {
  let db: OpenDatabase;
  let server: RunsApp;
  beforeAll(async () => {
    db = await open();
    const ai = scriptedRouter(new ScriptedAiProvider(() => 'text of a model'));
    server = await openRunsApp({ db, plans, ai, features: [RunsModule, ApprovalsModule] });
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await db.close();
  }, 60_000);

  async function send(method: string, path: string, body?: unknown, headers = ada) {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      body: (await response.json()) as RunView & {
        code: string;
        state: string;
        items: unknown[];
        next: string | null;
        total: number;
      },
    };
  }
  const create = async (template = 'gated', more: object = {}) =>
    (await send('POST', '/runs', { template, inputs: {}, ...more })).body;
  const until = async (id: string, state: string): Promise<RunView> => {
    for (let tries = 0; tries < 200; tries += 1) {
      const { body } = await send('GET', `/runs/${id}`);
      if (body.state === state) return body;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`The run did not come to ${state}.`);
  };

  it('go from a template over a gate to the end, and every step is there to look at', async () => {
    const created = await send('POST', '/runs', { template: 'gated', title: 'Tea', inputs: {} });
    expect(created.status).toBe(201);
    const { id } = created.body;
    await until(id, 'approval_pending');
    const inbox = await send('GET', `/approvals?run=${id}`, undefined, bob);
    expect(inbox.body).toMatchObject({
      total: 1,
      items: [{ run: { id, title: 'Tea' }, wait: { kind: 'approval', stage: 'outline', round: 1 } }],
    });
    const sentBack = await send(
      'POST',
      `/runs/${id}/request-changes`,
      { stage: 'outline', round: 1, comments: [{ body: 'Shorter' }] },
      bob,
    );
    expect(sentBack.status).toBe(200);
    await until(id, 'approval_pending');
    expect(
      (await send('POST', `/runs/${id}/approve`, { stage: 'outline', round: 1 }, bob)).body,
    ).toMatchObject({ code: 'APPROVAL_STALE' });
    expect((await send('POST', `/runs/${id}/approve`, { stage: 'outline', round: 2 }, bob)).status).toBe(200);
    await until(id, 'done');
    expect((await send('GET', `/approvals?run=${id}`)).body.total).toBe(0);
    const attempts = await send('GET', `/runs/${id}/attempts?stage=outline`);
    expect(attempts.body.items).toMatchObject([
      { attempt: 1, round: 1, state: 'done' },
      { attempt: 2, round: 2, output: 'text of a model' },
    ]);
    expect((await send('GET', `/runs/${id}/stages`)).body.items).toMatchObject([
      { id: 'outline', state: 'done' },
      { id: 'text' },
    ]);
    expect((await send('GET', `/runs/${id}/artifacts`)).body.items).toEqual([]);
  });

  it('refuse a verb that does not apply with 409 and the present state', async () => {
    const { id } = await create('form');
    await until(id, 'input_pending');
    const refused = await send('POST', `/runs/${id}/retry`);
    expect([refused.status, refused.body.code, refused.body.state]).toEqual([
      409,
      'STATE_CONFLICT',
      'input_pending',
    ]);
    expect((await send('POST', `/runs/${id}/cancel`)).body.state).toBe('cancelled');
    expect((await send('POST', `/runs/${id}/submit-input`, { stage: 'ask', input: {} })).status).toBe(409);
    expect((await send('POST', `/runs/${id}/cancel`, {})).status).toBe(409);
  });

  it('let only an approver who did not start the run decide', async () => {
    const { id } = await create('gated');
    await until(id, 'approval_pending');
    const approve = { stage: 'outline', round: 1 };
    expect((await send('POST', `/runs/${id}/approve`, approve, ada)).status).toBe(403);
    expect((await send('POST', `/runs/${id}/approve`, approve, as('ada'))).status).toBe(403);
    expect((await send('POST', `/runs/${id}/approve`, approve, eve)).status).toBe(404);
  });

  it('decide nothing on GET', async () => {
    const { id } = await create('gated');
    const { version } = await until(id, 'approval_pending');
    for (const path of ['approve', 'cancel', 'start', 'next-stage'])
      expect((await send('GET', `/runs/${id}/${path}`, undefined, bob)).status).toBe(404);
    await send('GET', '/approvals', undefined, bob);
    expect((await send('GET', `/runs/${id}`)).body).toMatchObject({ version, state: 'approval_pending' });
  });

  it('take all the other verbs', async () => {
    const { id } = await create('form', { start: false });
    expect((await until(id, 'draft')).state).toBe('draft');
    expect((await send('POST', `/runs/${id}/start`)).status).toBe(200);
    expect((await send('POST', `/runs/${id}/pause`)).body.state).toBe('paused');
    expect((await send('POST', `/runs/${id}/resume`)).body.state).toBe('input_pending');
    expect((await send('POST', `/runs/${id}/next-stage`)).status).toBe(409);
    expect((await send('POST', `/runs/${id}/upgrade`)).status).toBeLessThan(500);
    const waiting = await until(id, 'input_pending');
    expect(waiting.waitingFor).toMatchObject([{ kind: 'input', stage: 'ask' }]);
    expect((await send('POST', `/runs/${id}/submit-input`, { stage: 'ask', input: { a: 1 } })).status).toBe(
      200,
    );
    await until(id, 'done');
    expect((await send('POST', `/runs/${id}/rerun`, { from: 'ask' })).status).toBe(200);
    await until(id, 'input_pending');
  });

  it('say what is wrong with a request before anything happens', async () => {
    const bad: Array<[string, unknown, number, string]> = [
      ['/runs', { template: 'gated', inputs: [] }, 422, 'REQUEST_INVALID'],
      ['/runs', { template: 'gated', inputs: {}, actor: 'me' }, 422, 'REQUEST_INVALID'],
      ['/runs', { template: 'gated', title: 'a\u0000b', inputs: {} }, 422, 'REQUEST_INVALID'],
      ['/runs', { template: 'no-such', inputs: {} }, 404, 'TEMPLATE_NOT_FOUND'],
      ['/runs', { template: 'plain', inputs: {} }, 422, 'INPUT_INVALID'],
      ['/runs/none/approve', { stage: 'outline' }, 422, 'REQUEST_INVALID'],
      ['/runs/none/approve', { stage: 'outline', round: 1 }, 404, 'RUN_NOT_FOUND'],
    ];
    for (const [path, body, status, code] of bad) {
      const answer = await send('POST', path, body);
      expect([path, answer.status, answer.body.code]).toEqual([path, status, code]);
    }
    expect((await send('GET', '/runs?limit=101')).body.code).toBe('REQUEST_INVALID');
  });

  it('are made once for an Idempotency-Key, however often and however close the request comes', async () => {
    const key = { ...ada, 'idempotency-key': randomUUID() };
    const request = { template: 'form', title: 'Once', inputs: { a: 1 } };
    const answers = await Promise.all(Array.from({ length: 20 }, () => send('POST', '/runs', request, key)));
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    await send('POST', `/runs/${answers[0]?.body.id}/cancel`);
    expect(await send('POST', '/runs', request, key)).toEqual(answers[0]);
    const other = await send('POST', '/runs', { ...request, title: 'Twice' }, key);
    expect(other.body.code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect((await send('POST', '/runs', request, { ...key, ...eve })).body.id).not.toBe(answers[0]?.body.id);
    expect(
      (await send('POST', '/runs', request, { ...ada, 'idempotency-key': 'x'.repeat(256) })).body.code,
    ).toBe('HEADER_INVALID');
  });

  it('free the key of a request that was refused', async () => {
    const key = { ...ada, 'idempotency-key': randomUUID() };
    expect((await send('POST', '/runs', { template: 'plain', inputs: {} }, key)).status).toBe(422);
    expect((await send('POST', '/runs', { template: 'plain', inputs: { topic: 'Tea' } }, key)).status).toBe(
      201,
    );
  });

  it('are listed newest first, by page and filter, within the workspace', async () => {
    const first = await create('form', { title: 'First', start: false });
    const second = await create('form', { title: 'Second', start: false });
    const page = await send('GET', '/runs?state=draft&template=form&limit=1');
    expect(page.body).toMatchObject({ items: [{ id: second.id, title: 'Second', state: 'draft' }] });
    expect(page.body.total).toBeGreaterThanOrEqual(2);
    expect((await send('GET', '/runs?state=draft&template=form&limit=1&skip=1')).body.items).toMatchObject([
      { id: first.id },
    ]);
    const onward = await send(
      'GET',
      `/runs?state=draft&template=form&limit=1&after=${String(page.body.next)}`,
    );
    expect(onward.body.items).toMatchObject([{ id: first.id }]);
    const wrong = await send('GET', '/runs?after=elsewhere');
    expect(wrong).toMatchObject({ status: 422, body: { code: 'REQUEST_INVALID' } });
    expect((await send('GET', '/approvals', undefined, as('eve', { workspace: 'third' }))).body).toEqual({
      items: [],
      next: null,
      total: 0,
    });
    for (const path of ['', '/attempts', '/artifacts', '/stages'])
      expect((await send('GET', `/runs/${first.id}${path}`, undefined, eve)).status).toBe(404);
  });

  it('have one winner each when two hundred decide at once on two servers', async () => {
    const other = secondServer();
    const own = server.app.get<Engine>(ENGINE);
    try {
      for (let round = 0; round < 10; round += 1) {
        const { id } = await create('gated');
        await until(id, 'approval_pending');
        const verbs = Array.from({ length: 20 }, (_, index) =>
          decide(index % 2 === 0 ? own : other, id, index),
        );
        const results = await Promise.allSettled(verbs);
        expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
        for (const result of results) {
          if (result.status === 'rejected')
            expect((result.reason as { code: string }).code).toMatch(/^(STATE_CONFLICT|APPROVAL_STALE)$/);
        }
        const stored = await new SqlRunStore(db.database).load(id);
        const decisions = stored?.entries
          .flatMap((entry) => entry.facts)
          .filter((fact) => fact.type === 'approval.given' || fact.type === 'changes.requested');
        expect(decisions).toHaveLength(1);
      }
    } finally {
      await other.close(1_000);
    }
  }, 60_000);

  function decide(engine: Engine, id: string, index: number): Promise<RunView> {
    const actor = { kind: 'user' as const, id: `approver-${index}`, roles: ['approver'] };
    const about = { actor, stage: 'outline', round: 1 };
    return index % 4 < 2
      ? engine.send('w', id, { type: 'approve', ...about })
      : engine.send('w', id, { type: 'request-changes', ...about, comments: [{ body: 'Again' }] });
  }

  /** Another process's engine, in that it shares nothing with the server but the database. */
  function secondServer(): Engine {
    const ai = scriptedRouter(new ScriptedAiProvider(() => 'text of a model'));
    const isolation = server.app.get<EnginePorts['isolation']>(ISOLATION);
    return testDesk({ plans, ai, isolation, store: new SqlRunStore(db.database) }).engine;
  }
});
